import { Reverie, type EntityManager } from '../../lib/index.js';
import { startServer, type RunningServer } from '../../lib/server/index.js';
import {
  Account,
  ACCOUNTS,
  balancesAfter,
  bank,
  moveMoney,
  openAccounts,
  OPENING_BALANCE,
  Transfer,
  type Outcome,
} from '../support/money.js';
import { runChild } from '../support/run-child.js';

/** Fifty blocks over ten accounts: nearly every one meets another. */
const BLOCKS = Array.from({ length: 50 }, (_, block) => block);
const PROCESSES = 4;
const modes = ['deferred', 'interactive'] as const;

/** Every block has ended one way or the other, and the books show just the committed ones. */
async function expectBooksInOrder(em: EntityManager, outcomes: readonly Outcome[]): Promise<void> {
  const committed = outcomes.flatMap((outcome) => outcome.committed);
  const reported = outcomes.flatMap((outcome) => outcome.reported);
  expect(committed.length + reported.length).toBe(BLOCKS.length);
  expect(reported.filter((code) => code !== 'TRANSACTION_CONFLICT')).toEqual([]);
  const transfers = await em.find(Transfer);
  const numbers = (list: readonly number[]) => [...list].sort((a, b) => a - b);
  expect(numbers(transfers.map(({ id }) => Number(id.key)))).toEqual(numbers(committed));
  const accounts = await em.find(Account);
  const balances = Object.fromEntries(accounts.map(({ id, balance }) => [String(id.key), balance]));
  expect(balances).toEqual(balancesAfter(transfers));
  const total = accounts.reduce((sum, { balance }) => sum + balance, 0);
  expect(total).toBe(ACCOUNTS * OPENING_BALANCE);
}

describe.each(modes)('50 concurrent blocks move money between 10 accounts, %s', (mode) => {
  it.each([60, 2])(
    'embedded, %i runs each: the total is conserved, every block committed or reported',
    async (attempts) => {
      const orm = await Reverie.init({ url: 'mem://', entities: bank });
      await openAccounts(orm.em.fork());
      const outcome = await moveMoney(orm, BLOCKS, mode, attempts);
      await expectBooksInOrder(orm.em.fork(), [outcome]);
      if (attempts > 2) expect(outcome.reported).toEqual([]);
      await orm.close();
    },
  );

  it('ws from four processes: the total is conserved, every block committed or reported', async () => {
    const attempts = 60;
    const server = await startServer({ url: 'mem://', user: 'root', pass: 'root' });
    const orm = await Reverie.init({ ...addressOf(server), entities: bank, sync: 'safe' });
    await openAccounts(orm.em.fork());
    const shares = Array.from({ length: PROCESSES }, (__, n) => BLOCKS.filter((block) => block % PROCESSES === n));
    const outcomes = await Promise.all(shares.map((share) => inOtherProcess(server, share, mode, attempts)));
    await expectBooksInOrder(orm.em.fork(), outcomes);
    await orm.close();
    await server.close();
  }, 60_000);
});

function addressOf(server: RunningServer) {
  return { url: server.wsUrl, auth: { username: 'root', password: 'root' } };
}

async function inOtherProcess(
  server: RunningServer,
  blocks: readonly number[],
  mode: (typeof modes)[number],
  attempts: number,
): Promise<Outcome> {
  const { output, code } = await runChild(
    `
      import { Reverie } from 'lib/index.js';
      import { bank, moveMoney } from 'spec/support/money.js';
      async function main() {
        const orm = await Reverie.init({ ...${JSON.stringify(addressOf(server))}, entities: bank });
        console.log(JSON.stringify(await moveMoney(orm, ${JSON.stringify(blocks)}, '${mode}', ${attempts})));
        await orm.close();
      }
    `,
    { deadline: 50_000 },
  );
  expect([output, code]).toEqual([expect.stringContaining('committed'), 0]);
  return JSON.parse(output) as Outcome;
}
