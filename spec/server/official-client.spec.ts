import { runFixture } from './support/fixture.js';
import { serving } from './support/serving.js';
import { withFolder } from './support/temporary.js';

const ANONYMOUS = 'Anonymous access not allowed: Not enough permissions to perform this action';
const REFUSED = 'There was a problem with authentication';

const everywhere = {
  version: 'surrealdb-3.0.2',
  namespaceUser: 'official',
  databaseUser: 'client',
  viewerWrites: expect.stringContaining('Not enough permissions'),
  anonymous: ANONYMOUS,
  signedUp: ['mia'],
  rowLevel: ['mia'],
  signedInAgain: 'mia',
  wrongSecret: expect.stringContaining('No record was returned'),
  byToken: 'mia',
  invalidated: ANONYMOUS,
  wrongPassword: REFUSED,
  created: 'item:1',
  merged: 2,
  bound: [2],
  selected: 1,
  deleted: 'item:1',
  failing: expect.stringContaining('stop'),
  variable: 'hello',
};

const overSocket = {
  ...everywhere,
  live: ['CREATE item:2', 'DELETE item:2', 'UPDATE item:2'],
  ended: [['KILLED'], false],
  unseenBeforeCommit: true,
  seenAfterCommit: 4,
  goneAfterCancel: true,
  forkPlace: 'elsewhere',
  rootPlace: 'client',
  forkId: true,
  forkInvalidated: ANONYMOUS,
  rootStill: 1,
};

describe('the official client', () => {
  function drive(url: string, address: 'wsUrl' | 'httpUrl'): Promise<Record<string, unknown>> {
    return serving({ url }, (server) => runFixture('official-client.mjs', server[address]));
  }

  it('works over ws on mem://', async () => {
    expect(await drive('mem://', 'wsUrl')).toEqual(overSocket);
  });

  it('works over http on mem://', async () => {
    expect(await drive('mem://', 'httpUrl')).toEqual(everywhere);
  });

  it.each(['surrealkv', 'rocksdb'])('works over ws on %s://', async (engine) => {
    await withFolder(async (folder) => {
      expect(await drive(`${engine}://${folder}/db`, 'wsUrl')).toEqual(overSocket);
    });
  });
});
