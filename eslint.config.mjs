import { builtinRules } from 'eslint/use-at-your-own-risk';
import tseslint from 'typescript-eslint';

/** Text that is a SurrealQL statement: it belongs to the printer, so that every value is bound and every name escaped. */
const STATEMENT =
  '/(^|[;({])\\s*(ALTER|BEGIN|CANCEL|COMMIT|CREATE|DEFINE|DELETE|FOR|IF|INFO|INSERT|KILL|LET|LIVE|REBUILD|RELATE|REMOVE|RETURN|SELECT|THROW|UPDATE|UPSERT|USE)[\\s;]/';
const PRINTER_ONLY = 'SurrealQL is written by lib/surrealql/print* (and, as fixed protocol text, by lib/driver) alone.';

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name: a default export has no name to search for.',
};
const noStatementText = [
  { selector: `Literal[value=${STATEMENT}]`, message: PRINTER_ONLY },
  { selector: `TemplateElement[value.raw=${STATEMENT}]`, message: PRINTER_ONLY },
];

/** ESLint gives a rule one severity; a second name lets a file's length warn first and fail later. */
const house = { rules: { 'max-lines': builtinRules.get('max-lines') } };

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', '.cache/', '.tmp/', '**/fixtures/'] },
  {
    files: ['**/*.{js,cjs,mjs}'],
    rules: { eqeqeq: 'error', 'no-var': 'error', 'prefer-const': 'error', 'no-unused-vars': 'error' },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'separate-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': 'allow-with-description' }],
      eqeqeq: 'error',
      '@typescript-eslint/no-this-alias': 'off',
      '@typescript-eslint/no-empty-object-type': ['error', { allowObjectTypes: 'always' }],
      'no-console': 'error',
      'no-control-regex': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['lib/**/*.ts'],
    plugins: { house },
    languageOptions: { parserOptions: { project: 'tsconfig.build.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': true }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      complexity: ['error', { max: 20, variant: 'modified' }],
      'max-lines': ['warn', 300],
      'house/max-lines': ['error', 400],
      'max-lines-per-function': ['error', { max: 60, skipComments: true }],
      'max-depth': ['error', 4],
      'no-eval': 'error',
      'no-restricted-syntax': ['error', noDefaultExport, ...noStatementText],
    },
  },
  {
    files: ['lib/surrealql/print*.ts', 'lib/surrealql/print*/**/*.ts', 'lib/driver/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', noDefaultExport] },
  },
  { files: ['lib/cli/**/*.ts', 'examples/**/*.ts', 'spec/bench/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    // Tests ask for what the types forbid, and a spec that reads well may be long.
    files: ['spec/**/*.ts', 'examples/**/*.ts'],
    rules: { '@typescript-eslint/no-unused-expressions': 'off' },
  },
);
