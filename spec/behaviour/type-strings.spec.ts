import fc from '../support/property';
import { connect, type Connection } from '../../lib/driver/connect.js';
import { parseType, printType } from '../../lib/types/index.js';
import { arbitraryType } from '../unit/types/arbitrary-type.js';

describe('type strings', () => {
  let db: Connection;
  beforeAll(async () => {
    db = await connect('mem://', { namespace: 'test', database: 'test' });
    await db.query('DEFINE TABLE t');
  });
  afterAll(() => db.close());

  /** The type as INFO prints it, after the field has been defined with the text. */
  async function printed(text: string): Promise<string> {
    await db.query(`DEFINE FIELD OVERWRITE f ON t TYPE ${text}`);
    const [info] = await db.query<[{ readonly fields: { readonly f: string } }]>('INFO FOR TABLE t');
    return info.fields.f.replace('DEFINE FIELD f ON t TYPE ', '').replace(/ PERMISSIONS FULL$/, '');
  }

  it('any type is printed as the server prints it, and the server reads it back as the same', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryType(), async (type) => {
        const text = printType(type);
        expect(printType(parseType(await printed(text)))).toBe(text);
        expect(await printed(text)).toBe(text);
      }),
      { numRuns: Number(process.env['TYPE_RUNS'] ?? 200) },
    );
  }, 60_000);

  it.each([
    'strng',
    'option<any>',
    'string|any',
    'array<string',
    'geometry<feature>',
    'record<a,b>',
    '9223372036854775808',
    '`int`',
  ])('what the parser refuses, the server refuses: %s', async (text) => {
    expect(() => parseType(text)).toThrow();
    await expect(printed(text)).rejects.toThrow();
  });
});
