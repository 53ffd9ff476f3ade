import type { ScriptPart } from '../schema/two-way-script.js';

/** What the server builds from committed records comes back after all that comes back: last on the way down, first on the way up. */
const NOTHING = 'nothing: what goes down here follows the way back of the next migration';

/** The text of a `.surql` migration. */
export function surqlSource({ remarks, up, down }: ScriptPart): string {
  const lines = (statements: readonly string[]) => statements.map((statement) => `${statement};`);
  const leading = up.length === 0 ? [`-- ${NOTHING}`] : lines(up);
  return `${['-- up', ...remarks.map((remark) => `-- ${remark}`), ...leading, '', '-- down', ...lines(down)].join('\n')}\n`;
}

/** The text of a TypeScript migration. */
export function tsSource({ remarks, up, down }: ScriptPart): string {
  return `import type { Migration } from 'reverie-orm/migrations';

const migration: Migration = {
  async up(m) {
${[...remarks.map((remark) => `    // ${remark}`), queries(up)].join('\n')}
  },

  async down(m) {
${queries(down)}
  },
};

export default migration;
`;
}

function queries(statements: readonly string[]): string {
  if (statements.length === 0) return `    // ${NOTHING}`;
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
