import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { objectsOf } from '../../lib/functions/objects-of.js';
import { discover } from '../../lib/metadata/index.js';
import { SchemaManager } from '../../lib/schema/index.js';
import { GeneratedFiles } from '../support/generated.js';
import { SchemaBench } from '../support/schema-bench.js';

const FOLDER = join(__dirname, '..', 'corpus');
const schemas = readdirSync(FOLDER).map((file) => basename(file, '.surql'));
const textOf = (name: string): string => readFileSync(join(FOLDER, `${name}.surql`), 'utf8');

/** What no decorator says, and what sync would do about it; of everything else nothing is left to do. */
const LEFT: Readonly<Record<string, { readonly remainder: readonly string[]; readonly steps: readonly string[] }>> = {
  bank: {
    // A link of the entity manager can be changed, and has no default.
    remainder: ['booking: field from: REFERENCE ON DELETE REJECT', 'booking: field to: REFERENCE ON DELETE REJECT'],
    steps: [
      'DEFINE FIELD OVERWRITE from ON TABLE booking TYPE record<account> READONLY',
      'DEFINE FIELD OVERWRITE to ON TABLE booking TYPE record<account> READONLY',
    ],
  },
  cms: {
    remainder: [
      // A flexible object has no class.
      'media: field meta.width: none | int',
      // Lists of anything are lists of objects too.
      'page: field extras.*: none is defined, which is less than any',
      'page: field loose: it has no type, which is any',
      'GRAPHQL TABLES AUTO FUNCTIONS AUTO',
      'DEFINE USER editor ON DATABASE ROLES EDITOR DURATION FOR TOKEN 1h, FOR SESSION NONE',
    ],
    steps: [
      'REMOVE FIELD IF EXISTS meta.width ON TABLE media',
      'DEFINE FIELD OVERWRITE extras.* ON TABLE page TYPE any',
      'DEFINE FIELD OVERWRITE loose ON TABLE page TYPE any',
    ],
  },
  iot: {
    remainder: ['alert: access fleet: its key is withheld by the server', 'device: field config.every: duration'],
    steps: ['REMOVE FIELD IF EXISTS config.every ON TABLE device'],
  },
  shop: {
    // Many links are an array.
    remainder: ['product: field categories: REFERENCE ON DELETE UNSET'],
    steps: ['DEFINE FIELD OVERWRITE categories ON TABLE product TYPE set<record<category>>'],
  },
  social: {
    remainder: ['person: field links.*: object', 'post: field mentions: REFERENCE ON DELETE UNSET'],
    steps: [
      'DEFINE FIELD OVERWRITE links.* ON TABLE person TYPE object FLEXIBLE',
      'DEFINE FIELD OVERWRITE mentions ON TABLE post TYPE array<record<person>> DEFAULT []',
    ],
  },
};

describe('schemas of whole applications', () => {
  let bench: SchemaBench;
  let generated: GeneratedFiles | undefined;
  beforeEach(async () => {
    bench = await SchemaBench.open();
  });
  afterEach(async () => {
    generated?.remove();
    await bench.close();
  });

  it('hold every kind of definition, more than three hundred in all', () => {
    const kinds = schemas.flatMap((name) => textOf(name).match(/^DEFINE \w+/gm) ?? []);
    expect(kinds.length).toBeGreaterThan(300);
    expect([...new Set(kinds)].sort()).toEqual(
      ['ACCESS', 'ANALYZER', 'CONFIG', 'EVENT', 'FIELD', 'FUNCTION', 'INDEX', 'PARAM', 'SEQUENCE', 'TABLE', 'USER'].map(
        (kind) => `DEFINE ${kind}`,
      ),
    );
  });

  it.each(schemas)(
    '%s: what is read of it syncs to nothing but the remainder',
    async (name) => {
      await bench.run(textOf(name));
      const { files, remainder } = await bench.manager().introspect();
      generated = new GeneratedFiles(files);
      const objects = objectsOf(generated.definitions());
      const { entities } = discover(generated.load());
      const { steps } = await new SchemaManager(bench.db, entities, { objects }).plan();
      expect({ remainder, steps: steps.map(({ statement }) => statement) }).toEqual(LEFT[name]);
      expect(generated.errors()).toEqual([]);
    },
    180_000,
  );
});
