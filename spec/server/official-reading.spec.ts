import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Reverie } from '../../lib/index.js';
import { startServer, type RunningServer } from '../../lib/server/index.js';
import { runFixture } from './support/fixture.js';
import { flightEntities, flightQuestions, insertFlights } from './support/flight-questions.js';
import { insertMovies, movieEntities, movieQuestions } from './support/movie-questions.js';
import { removeFolder } from '../support/remove-folder.js';

/** Two data sets: what each is made of, how it is stored and what is asked of it. */
const SETS = [
  { name: 'flights', entities: flightEntities, insert: insertFlights, questions: flightQuestions },
  { name: 'movies', entities: movieEntities, insert: insertMovies, questions: movieQuestions },
];

describe.each(SETS)(
  'what is read of $name, against SurrealQL by hand through the official client',
  ({ name, entities, insert, questions }) => {
    const folder = mkdtempSync(join(tmpdir(), 'reverie-official-'));
    let server: RunningServer;
    let orm: Reverie;
    let byHand: Readonly<Record<string, unknown>>;

    beforeAll(async () => {
      server = await startServer({ url: 'mem://', user: 'root', pass: 'root' });
      orm = await Reverie.init({
        url: server.wsUrl,
        namespace: 'official',
        database: name,
        auth: { username: 'root', password: 'root' },
        entities,
        sync: 'safe',
      });
      await insert(orm.em.fork());
      const file = join(folder, 'queries.json');
      const texts = Object.entries(questions).map(([what, [text]]) => [what, text]);
      writeFileSync(file, JSON.stringify(Object.fromEntries(texts)));
      byHand = await runFixture('official-query.mjs', server.wsUrl, 'official', name, file);
    }, 120_000);
    afterAll(async () => {
      await orm.close();
      await server.close();
      await removeFolder(folder);
    });

    it.each(Object.keys(questions))('%s', async (what) => {
      const [, ask] = questions[what] as (typeof questions)[string];
      const expected = byHand[what];
      const answer = await ask(orm.em.fork());
      for (const nothing of [undefined, null, [], 0]) expect(expected).not.toEqual(nothing);
      expect(answer).toEqual(expected);
    });
  },
);
