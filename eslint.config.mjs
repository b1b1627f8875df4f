import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';
import prettier from 'eslint-config-prettier';

/** Who may import whom: docs/adr and the README's table of libs say why; test/boundaries proves that it bites. */
export const boundaries = [
  {
    sourceTag: 'type:app',
    onlyDependOnLibsWithTags: ['type:client', 'type:module', 'type:transport', 'type:store', 'type:core'],
  },
  { sourceTag: 'type:client', onlyDependOnLibsWithTags: ['type:transport', 'type:core'] },
  { sourceTag: 'type:module', onlyDependOnLibsWithTags: ['type:core', 'type:transport', 'type:store'] },
  { sourceTag: 'type:transport', onlyDependOnLibsWithTags: ['type:core', 'type:store'] },
  { sourceTag: 'type:store', onlyDependOnLibsWithTags: ['type:core'] },
  {
    sourceTag: 'type:core',
    onlyDependOnLibsWithTags: ['type:core'],
    bannedExternalImports: ['@nestjs/*', 'fastify', '@fastify/*', 'axios', 'undici', 'ioredis'],
  },
  {
    sourceTag: 'type:testing',
    onlyDependOnLibsWithTags: [
      'type:client',
      'type:module',
      'type:transport',
      'type:store',
      'type:core',
      'type:tool',
    ],
  },
  { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['type:tool', 'type:core'] },
  { sourceTag: 'scope:web', onlyDependOnLibsWithTags: ['scope:web', 'scope:shared'] },
  { sourceTag: 'scope:mobile', onlyDependOnLibsWithTags: ['scope:mobile', 'scope:shared'] },
  { sourceTag: 'scope:admin', onlyDependOnLibsWithTags: ['scope:admin', 'scope:shared'] },
  { sourceTag: 'scope:shared', onlyDependOnLibsWithTags: ['scope:shared'] },
];

/** Specs may use the test doubles as well as what their lib may use. */
const specBoundaries = boundaries.map((rule) =>
  rule.sourceTag.startsWith('type:')
    ? {
        ...rule,
        onlyDependOnLibsWithTags: [...rule.onlyDependOnLibsWithTags, 'type:testing'],
        bannedExternalImports: [],
      }
    : rule,
);

/** Contract suites import the seam they check, and the seam's lib imports the suite: in specs only, so it is no circle. */
const contractSuites = [['*', 'testing']];

const moduleBoundaries = (depConstraints) => [
  'error',
  {
    enforceBuildableLibDependency: false,
    allowCircularSelfDependency: true,
    depConstraints,
    ignoredCircularDependencies: contractSuites,
  },
];

export default tseslint.config(
  { ignores: ['**/dist', '**/node_modules', '.nx', '.cache', 'coverage'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommended, ...tseslint.configs.stylistic, prettier],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@nx/enforce-module-boundaries': moduleBoundaries(boundaries),
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-non-null-assertion': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportAllDeclaration', message: 'Name what a lib promises: no star exports.' },
      ],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.spec.ts', '**/*.e2e-spec.ts', 'test/**/*.ts', 'libs/testing/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': moduleBoundaries(specBoundaries),
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  { files: ['tools/**/*.ts'], rules: { 'no-console': 'off' } },
);
