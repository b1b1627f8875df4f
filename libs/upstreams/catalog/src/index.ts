export { CatalogClientModule } from './catalog-client.module.ts';
export { CatalogClient } from './catalog.client.ts';
export { type Offer, offerSchema } from './offer.ts';
export { type ProductQuery, productQuery } from './product-query.ts';
export { type Product, productSchema } from './product.ts';
