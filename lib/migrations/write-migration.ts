import type { ScriptPart } from '../schema/two-way-script.js';

/** The text of a `.surql` migration. */
export function surqlSource({ up, down }: ScriptPart, notes: readonly string[] = []): string {
  const lines = (statements: readonly string[]) => statements.map((statement) => `${statement};`);
  return `${[...notes.map((note) => `-- ${note}`), '-- up', ...lines(up), '', '-- down', ...lines(down)].join('\n')}\n`;
}

/** The text of a TypeScript migration. */
export function tsSource({ up, down }: ScriptPart): string {
  return `import type { Migration } from 'reverie-orm/migrations';

const migration: Migration = {
  async up(m) {
${queries(up)}
  },

  async down(m) {
${queries(down)}
  },
};

export default migration;
`;
}

function queries(statements: readonly string[]): string {
  if (statements.length === 0) return '    // nothing';
  return statements.map((statement) => `    await m.query(\`${escaped(statement)}\`);`).join('\n');
}

function escaped(text: string): string {
  return text.replace(/[\\`]|\$\{/g, '\\$&');
}

/** What a new migration begins with. */
export const BLANK = {
  ts: `import type { Migration } from 'reverie-orm/migrations';

const migration: Migration = {
  async up(m) {
    await m.query(\`\`);
  },

  async down(m) {
    await m.query(\`\`);
  },
};

export default migration;
`,
  surql: '-- up\n\n-- down\n',
} as const;
