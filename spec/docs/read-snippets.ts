/** One line of code and where in the documentation it stands. */
export interface SourceLine {
  readonly text: string;
  readonly line: number;
}

/** A ```ts block, or a `<!-- setup: name` comment, of a page. */
export interface Block {
  readonly line: number;
  readonly name: string | undefined;
  readonly run: boolean;
  /** Names of the blocks that come before and after this one when it is compiled. */
  readonly with: readonly string[];
  readonly then: readonly string[];
  readonly shown: boolean;
  readonly lines: readonly SourceLine[];
}

const FENCE = /^( *)```(ts|typescript)\s*$/;
const DIRECTIVE = /^<!-- snippet:(.*)-->\s*$/;
const SETUP = /^<!-- setup: *([\w-]+)\s*$/;

/** Reads the blocks of a Markdown page in their order; a directive counts for the block right below it. */
export function readBlocks(page: string): Block[] {
  const lines = page.split('\n');
  const blocks: Block[] = [];
  let directive = '';
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const fence = FENCE.exec(line);
    const setup = SETUP.exec(line);
    if (fence !== null || setup !== null) {
      const end = endOf(lines, index, fence === null ? '-->' : '```');
      const body = bodyOf(lines, index + 1, end, fence?.[1]?.length ?? 0);
      blocks.push(blockOf(fence === null ? `name=${setup?.[1] ?? ''}` : directive, index + 1, fence !== null, body));
      index = end;
      directive = '';
    } else if (line.trim() !== '') directive = DIRECTIVE.exec(line)?.[1] ?? '';
  }
  return blocks;
}

/** The lines of a block between the named blocks that it asks for; what ends a block it builds on is not for it. */
export function withSetup(block: Block, page: readonly Block[]): SourceLine[] {
  const find = (name: string): Block => {
    const found = page.find((other) => other.name === name);
    if (found === undefined) throw new Error(`line ${block.line}: there is no block named "${name}" on the page`);
    return found;
  };
  const begin = ({ with: before, lines }: Block): SourceLine[] => [
    ...before.flatMap((name) => begin(find(name))),
    ...lines,
  ];
  return [...begin(block), ...block.then.flatMap((name) => begin(find(name)))];
}

function endOf(lines: readonly string[], start: number, mark: string): number {
  const end = lines.findIndex((line, index) => index > start && line.trim() === mark);
  if (end === -1) throw new Error(`line ${start + 1}: the block has no end (${mark})`);
  return end;
}

function bodyOf(lines: readonly string[], start: number, end: number, indent: number): SourceLine[] {
  return lines.slice(start, end).map((text, index) => ({ text: text.slice(indent), line: start + index + 1 }));
}

function blockOf(directive: string, line: number, shown: boolean, lines: readonly SourceLine[]): Block {
  const words = directive
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
  const value = (key: string): string | undefined =>
    words.find((word) => word.startsWith(`${key}=`))?.slice(key.length + 1);
  const unknown = words.find((word) => !/^(run|(name|with|then)=[\w,-]+)$/.test(word));
  if (unknown !== undefined) throw new Error(`line ${line}: the snippet directive "${unknown}" is not known`);
  return {
    line,
    name: value('name'),
    run: words.includes('run'),
    with: value('with')?.split(',') ?? [],
    then: value('then')?.split(',') ?? [],
    shown,
    lines,
  };
}
