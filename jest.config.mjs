/** One Jest for the whole workspace: `--selectProjects unit e2e ...` or a path picks a part. */
const common = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.nx/'],
  watchPathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.nx/'],
};
const part = (displayName, ...testMatch) => ({ ...common, displayName, testMatch });

export default {
  testTimeout: 60_000,
  projects: [
    part('unit', '<rootDir>/{apps,libs,tools}/**/src/**/*.spec.ts'),
    part('e2e', '<rootDir>/test/e2e/**/*.e2e-spec.ts'),
    part('chaos', '<rootDir>/test/chaos/**/*.e2e-spec.ts'),
    part('security', '<rootDir>/test/security/**/*.e2e-spec.ts'),
    part('conformance', '<rootDir>/test/conformance/**/*.e2e-spec.ts'),
    part('fleet', '<rootDir>/test/fleet/**/*.e2e-spec.ts'),
  ],
};
