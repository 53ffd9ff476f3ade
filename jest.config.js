/** Unit and behaviour specs run from the sources; `npm test` builds first for the specs that import the package itself. */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/spec', '<rootDir>/examples'],
  testMatch: ['**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/fixtures/'],
  transform: { '^.+\\.ts$': ['@swc/jest'] },
  moduleNameMapper: {
    '^reverie-orm$': '<rootDir>/lib/index.ts',
    '^reverie-orm/migrations$': '<rootDir>/lib/migrations/index.ts',
    '^reverie-orm/server$': '<rootDir>/lib/server/index.ts',
    '^reverie-orm/testing$': '<rootDir>/lib/testing/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  testTimeout: 30_000,
};
