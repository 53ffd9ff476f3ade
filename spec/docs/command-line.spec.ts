import type { Command } from 'commander';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeProgram } from '../../lib/cli/program.js';

const ROOT = join(__dirname, '..', '..');
const page = readFileSync(join(ROOT, 'docs', 'cli.md'), 'utf8');
const program = makeProgram();
const commands = new Map(program.commands.map((command) => [command.name(), command]));

const visible = ({ options }: Command) => options.filter(({ hidden }) => !hidden);
const codes = (text: string) => Array.from(text.matchAll(/`([^`]+)`/g), ([, code]) => code as string);
const section = (title: string) => page.split(/^## /m).find((each) => each.startsWith(title)) ?? '';
const rowsOf = (title: string) => section(title).match(/^\| +`.*$/gm) ?? [];

/** What every command takes but those that work on no database. */
const found = [
  ...section('Configuration').matchAll(/`(--\w+)`/g),
  ...rowsOf('Every command takes').flatMap((row) => [
    ...(row.split('|')[1] ?? '').matchAll(/`(?:-\w`, `)?(--[\w-]+)/g),
  ]),
].map(([, flag]) => flag as string);

const shared = [...new Set(found)];

const written = ({ name, required, variadic }: { name: string; required: boolean; variadic: boolean }) => {
  const text = variadic ? `${name}...` : name;
  return required ? `<${text}>` : `[${text}]`;
};

describe('docs/cli.md', () => {
  const own = (command: Command) =>
    visible(command).filter(({ long }) => command.name() === 'serve' || !shared.includes(long ?? ''));
  const documented = new Map(
    rowsOf('Options of each').map((row) => {
      const [, left = '', ...right] = row.split('|');
      return [codes(left)[0]?.split(' ')[0] ?? '', { call: codes(left)[0], flags: codes(right.join('|')) }];
    }),
  );

  it('lists every command, and none that is not there', () => {
    expect([...documented.keys()].sort()).toEqual([...commands.keys()].sort());
  });

  it.each([...commands.keys()])('%s: its arguments and options, and no other', (name) => {
    const command = commands.get(name) as Command;
    const given = command.registeredArguments.map((each) =>
      written({ name: each.name(), required: each.required, variadic: each.variadic }),
    );
    expect(documented.get(name)).toEqual({
      call: [name, ...given].join(' '),
      flags: own(command).map(({ flags }) => flags),
    });
    expect(section('Commands')).toContain(`\`${name}\``);
  });

  it('says of each that works on a database what they all take', () => {
    expect(shared).toHaveLength(11);
    for (const [name, command] of commands)
      if (name !== 'serve' && name !== 'completion')
        expect([name, visible(command).map(({ long }) => long)]).toEqual([name, expect.arrayContaining(shared)]);
  });
});

describe('the documentation', () => {
  const files = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.md'),
  );
  const pages = [join(ROOT, 'README.md'), ...files.map((file) => join(ROOT, 'docs', file))];

  it('calls no command and gives no option that there is not', () => {
    const called = pages.flatMap((file) =>
      Array.from(
        readFileSync(file, 'utf8').matchAll(/(?<![-\w])reverie ((?:[a-z]+:)?[a-z]+)\b([^`\n]*)/g),
        (match) => ({
          file,
          name: match[1] as string,
          rest: match[2] as string,
        }),
      ),
    );
    const known = called.filter(({ name, rest }) => commands.has(name) || name === 'start' || rest.includes('--'));
    expect(known.length).toBeGreaterThan(20);
    for (const { file, name, rest } of known) {
      const command = commands.get(name === 'start' ? 'serve' : name);
      expect([file, name, command !== undefined]).toEqual([file, name, true]);
      const flags = rest.replace(/#.*/, '').match(/(?<![\w-])--[a-z-]+/g) ?? [];
      const takes = command?.options.map(({ long }) => long) ?? [];
      expect([file, name, flags.filter((flag) => !takes.includes(flag))]).toEqual([file, name, []]);
    }
  });

  it('of every command in code is one that there is', () => {
    const names = [...page.matchAll(/`((?:schema|migration):[a-z]+)`/g)].map(([, name]) => name as string);
    expect(names.filter((name) => !commands.has(name))).toEqual([]);
  });
});
