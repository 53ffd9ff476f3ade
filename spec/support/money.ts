import type { RecordId } from '../../lib/index.js';
import { Field, Id, Table, type EntityManager, type Reverie } from '../../lib/index.js';

@Table({ name: 'account' })
export class Account {
  @Id() id!: RecordId<'account'>;
  @Field('int') balance!: number;
}

/** What a block that was committed leaves behind, besides the balances. */
@Table({ name: 'transfer' })
export class Transfer {
  @Id() id!: RecordId<'transfer'>;
  @Field('string') from!: string;
  @Field('string') to!: string;
  @Field('int') amount!: number;
}

export const bank = [Account, Transfer];
export const ACCOUNTS = 10;
export const OPENING_BALANCE = 100;

/** How the blocks of one process ended. */
export interface Outcome {
  /** Numbers of the blocks that returned. */
  readonly committed: number[];
  /** Codes of the errors that the others ended with. */
  readonly reported: string[];
}

export async function openAccounts(em: EntityManager): Promise<void> {
  for (let n = 0; n < ACCOUNTS; n++) em.create(Account, { id: String(n), balance: OPENING_BALANCE });
  await em.flush();
}

/** Moves money between accounts, each move in a transaction of its own, all at once. */
export async function moveMoney(
  orm: Reverie,
  blocks: readonly number[],
  mode: 'deferred' | 'interactive',
  attempts: number,
): Promise<Outcome> {
  const ends = await Promise.allSettled(
    blocks.map((block) => orm.em.fork().transaction((tx) => moveOnce(tx, block), { mode, retry: { attempts } })),
  );
  return {
    committed: blocks.filter((_, index) => ends[index]?.status === 'fulfilled'),
    reported: ends.flatMap((end) => (end.status === 'rejected' ? [codeOf(end.reason)] : [])),
  };
}

async function moveOnce(tx: EntityManager, block: number): Promise<void> {
  const [source, target] = [block % ACCOUNTS, (block * 3 + 1) % ACCOUNTS].map(String) as [string, string];
  const from = await tx.findOneOrFail(Account, source);
  const to = source === target ? from : await tx.findOneOrFail(Account, target);
  const amount = (block % 7) + 1;
  from.balance -= amount;
  to.balance += amount;
  tx.create(Transfer, { id: String(block), from: source, to: target, amount });
}

/** What the accounts must hold if exactly these transfers have happened. */
export function balancesAfter(transfers: readonly Transfer[]): Record<string, number> {
  const balances: Record<string, number> = {};
  for (let n = 0; n < ACCOUNTS; n++) balances[String(n)] = OPENING_BALANCE;
  for (const { from, to, amount } of transfers) {
    balances[from] = (balances[from] as number) - amount;
    balances[to] = (balances[to] as number) + amount;
  }
  return balances;
}

function codeOf(reason: unknown): string {
  const code = (reason as { readonly code?: unknown }).code;
  return typeof code === 'string' ? code : String(reason);
}
