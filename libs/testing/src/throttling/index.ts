export { type LimitNumbers } from './reference-buckets.ts';
export {
  type ClaimUnderTest,
  type StoreUnderTest,
  throttleStoreContract,
  type ThrottleStoreContract,
} from './throttle-store.contract.ts';
