// Makes lib/functions/families/ from functions.txt: `npm run functions`; with --check it says whether both agree.
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, '../lib/functions/families');
const MADE = '// Made by scripts/functions.mjs from scripts/functions.txt.\n';
const ROOT = 'root';

/** The generated files, text by name. */
async function generate() {
  const signatures = parse(await readFile(join(here, 'functions.txt'), 'utf8'));
  const families = groupBy(signatures, ({ family }) => family);
  const files = new Map([...families].map(([family, members]) => [`${family}.ts`, familyFile(family, members)]));
  files.set('index.ts', indexFile([...families.keys()]));
  const config = await resolveConfig(join(target, 'index.ts'));
  const formatted = [...files].map(async ([name, text]) => [
    name,
    await format(text, { ...config, parser: 'typescript' }),
  ]);
  return new Map(await Promise.all(formatted));
}

function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

const LINE = /^(?<name>[\w:]+)(?:\((?<args>.*)\))? -> (?<result>.+?)(?: @(?<since>[\d.]+))?$/;

function parse(text) {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const families = new Set(lines.flatMap((line) => /^(\w+)::/.exec(line)?.[1] ?? []));
  return lines.map((line) => parseLine(line, families));
}

function parseLine(line, families) {
  const groups = LINE.exec(line)?.groups;
  if (groups === undefined) throw new Error(`not a function: ${line}`);
  const { name, args, result, since } = groups;
  const [family, ...path] = name.split('::');
  const isFree = !families.has(family);
  return {
    name,
    family: isFree ? ROOT : family,
    path: isFree ? [family] : path,
    parameters: args === undefined ? undefined : splitList(args).map(parseParameter),
    result,
    since,
  };
}

/** At the commas that stand in no bracket. */
function splitList(text) {
  const parts = [];
  let depth = 0;
  let part = '';
  for (const char of text) {
    if ('[(<'.includes(char)) depth += 1;
    if ('])>'.includes(char)) depth -= 1;
    if (char === ',' && depth === 0) {
      parts.push(part.trim());
      part = '';
    } else part += char;
  }
  return part.trim() === '' ? parts : [...parts, part.trim()];
}

function parseParameter(text) {
  const [, rest, name, optional, type] = /^(\.\.\.)?(\w+)(\?)?: (.+)$/.exec(text);
  return { name, type, rest: rest !== undefined, optional: optional !== undefined };
}

/** What is a function of JavaScript, or already says that it may be an expression. */
const OPEN = /^(Check|Make|Step|Order)\b/;

function parameterText({ name, type, rest, optional }) {
  const element = /^(?:readonly )?([\w<>[\]]+)\[\]$/.exec(type)?.[1];
  const given = OPEN.test(type)
    ? type
    : element === undefined
      ? `Arg<${type.replace(/^Set</, 'ReadonlySet<')}>`
      : `List<${element}>`;
  return rest ? `...${name}: readonly ${given}[]` : `${name}${optional ? '?' : ''}: ${given}`;
}

const BOUNDS = { N: 'N extends Numeric = number', O: 'O extends object', P: 'P extends object' };

function signatureText({ parameters, result }, name) {
  const letters = new Set(parameters.flatMap(({ type }) => type.match(/\b[A-Z]\b/g) ?? []));
  const generics = letters.size === 0 ? '' : `<${[...letters].map((letter) => BOUNDS[letter] ?? letter).join(', ')}>`;
  const made = result.replace(/\bN\b/g, 'Widened<N>');
  return `${name}${generics}(${parameters.map(parameterText).join(', ')}): Out<M, ${made}>;`;
}

/** The members of one level: constants, functions, and what stands below a name. */
function membersText(members) {
  const byName = groupBy(members, ({ path }) => path[0]);
  return [...byName]
    .map(([name, group]) => {
      const below = group.filter(({ path }) => path.length > 1).map((each) => ({ ...each, path: each.path.slice(1) }));
      const own = group.filter(({ path }) => path.length === 1);
      if (below.length === 0) return own.map((each) => memberText(each, name)).join('\n');
      return `readonly ${name}: {\n${own.map((each) => memberText(each, '')).join('\n')}\n${membersText(below)}\n};`;
    })
    .join('\n');
}

const memberText = (member, name) => {
  const note = member.since === undefined ? '' : `/** SurrealDB ${member.since} and later. */\n`;
  return (
    note +
    (member.parameters === undefined ? `readonly ${name}: Out<M, ${member.result}>;` : signatureText(member, name))
  );
};

const pascal = (family) => family[0].toUpperCase() + family.slice(1);

/** Families that the documentation has no page of. */
const WITHOUT_PAGE = new Set([ROOT, 'schema']);

function familyFile(family, members) {
  const called = members.filter(({ path }) => path.length === 0);
  const body = [
    ...called.map((each) => memberText(each, '')),
    membersText(members.filter(({ path }) => path.length > 0)),
  ].join('\n');
  const link = WITHOUT_PAGE.has(family) ? '' : ` https://surrealdb.com/docs/surrealql/functions/database/${family}`;
  const title = family === ROOT ? 'Functions without a family.' : `\`${family}::\``;
  const text = `/** ${title}${link} */\nexport interface ${pascal(family)}Functions<M extends Mode = 'expression'> {\n${body}\n}\n`;
  return `${MADE}${importsOf(text)}\n\n${text}\n${tableText(family, members)}`;
}

function tableText(family, members) {
  const byName = groupBy(members, ({ name }) => name);
  const entries = [...byName].map(([name, overloads]) => `'${name}': ${arityText(overloads)},`);
  return `export const ${family}Signatures: Signatures = {\n${entries.join('\n')}\n};\n`;
}

function arityText(overloads) {
  const [{ parameters, since }] = overloads;
  if (parameters === undefined) return 'CONSTANT';
  const least = Math.min(
    ...overloads.map((each) => each.parameters.filter(({ rest, optional }) => !rest && !optional).length),
  );
  const most = Math.max(
    ...overloads.map((each) => (each.parameters.some(({ rest }) => rest) ? Infinity : each.parameters.length)),
  );
  return `[${[least, most, ...(since === undefined ? [] : [`'${since}'`])].join(', ')}]`;
}

const VALUES = [
  'Decimal',
  'Duration',
  'FileRef',
  'Geometry',
  'Point',
  'Range',
  'RecordId',
  'RecordKey',
  'Table',
  'Uuid',
];
const ARGUMENTS = [
  'Arg',
  'Check',
  'Flat',
  'Int',
  'List',
  'Make',
  'Mode',
  'Moment',
  'Numeric',
  'Order',
  'Out',
  'Row',
  'Step',
  'Vector',
  'Widened',
];

function importsOf(text) {
  const used = (names) => names.filter((name) => new RegExp(`\\b${name}\\b`).test(text));
  const values = used(VALUES);
  const constant = /^\s*readonly \w+: Out</m.test(text)
    ? "import { CONSTANT, type Signatures } from '../signatures.js';"
    : "import type { Signatures } from '../signatures.js';";
  return [
    values.length === 0 ? '' : `import type { ${values.join(', ')} } from '../../values/index.js';`,
    `import type { ${used(ARGUMENTS).join(', ')} } from '../argument-types.js';`,
    constant,
  ].join('\n');
}

function indexFile(families) {
  const imports = families.map(
    (family) => `import { ${family}Signatures, type ${pascal(family)}Functions } from './${family}.js';`,
  );
  const named = families.filter((family) => family !== ROOT);
  const members = named.map((family) => `readonly ${family}: ${pascal(family)}Functions<M>;`);
  return `${MADE}${imports.join('\n')}
import type { Mode } from '../argument-types.js';
import type { Signatures } from '../signatures.js';

/** Every function of SurrealDB, by family. https://surrealdb.com/docs/surrealql/functions/database */
export interface Functions<M extends Mode = 'expression'> extends RootFunctions<M> {
${members.join('\n')}
}

export const SIGNATURES: Signatures = {
${families.map((family) => `...${family}Signatures,`).join('\n')}
};
`;
}

for (const [name, text] of await generate()) {
  if (process.argv[2] !== '--check') await writeFile(join(target, name), text);
  else if ((await readFile(join(target, name), 'utf8').catch(() => '')) !== text)
    throw new Error(`${name} is out of date`);
}
