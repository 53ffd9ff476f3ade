import type { Row } from './rows.js';
import type { Written } from './flush-model.js';
import { Tracked, type SessionModel } from './session-model.js';

/** What a session knows once its flush is in the database. */
export function settle(session: SessionModel, written: Written): void {
  const { after, answers, deleted, unrelated, related } = written;
  const inserted = [...answers.keys()].filter(({ phase }) => phase === 'new');
  const waiting = membersThatWait(session);
  for (const one of session.tracked.values()) settleCollections(one);
  const replaced = [...answers.keys()].flatMap(({ replaces }) => replaces ?? []);
  for (const [one, row] of answers) settleRow(one, row);
  // An edge may have gone by its ends, and one of its id been made at once.
  const made = new Set(inserted.map(({ id }) => id));
  forget(session, [...deleted.map(({ id }) => id), ...unrelated.filter((id) => !made.has(id))]);
  for (const { table, base } of replaced) if (table.name === 'knows' && base !== undefined) excludeEdge(session, base);
  for (const id of related) session.add(new Tracked(id, after.rows.get(id)));
  for (const id of [...related, ...made]) includeEdge(session, session.get(id));
  for (const [one, before] of written.teamsBefore) moveMember(session, one, before);
  for (const [team, members] of waiting) settleMembers(session, team, members);
}

/** These records are gone, and with them what stands on them. */
export function forget(session: SessionModel, gone: readonly string[]): void {
  const nodes = new Set(gone.filter((id) => !id.startsWith('knows:')));
  const edges = new Set(gone);
  for (const { id, base } of session.tracked.values())
    if (base !== undefined && (nodes.has(String(base['in'])) || nodes.has(String(base['out'])))) edges.add(id);
  for (const id of edges) {
    const one = session.get(id);
    // A new one of that id is another record.
    if (one === undefined || one.phase === 'new') continue;
    session.detach(one);
    if (one.base !== undefined && one.table.name === 'knows') excludeEdge(session, one.base);
  }
  for (const one of session.tracked.values()) if (one.phase !== 'new') unlink(one, nodes);
}

/** Links to records that are gone are unset by the server. */
function unlink(one: Tracked, gone: ReadonlySet<string>): void {
  for (const members of one.collections.values()) members.exclude(gone);
  for (const id of gone) (one.base?.['labels'] as Set<string> | undefined)?.delete(id);
  const team = one.base?.['team'];
  if (one.base === undefined || !gone.has(String(team))) return;
  delete one.base['team'];
  if (one.now['team'] === team) delete one.now['team'];
}

function settleCollections(one: Tracked): void {
  for (const [name, members] of one.collections) {
    if (!members.isDirty) continue;
    if (name !== 'members') members.known = members.view;
    members.drop();
  }
}

function settleRow(one: Tracked, row: Row): void {
  const { replaces } = one;
  if (replaces !== undefined) {
    replaces.phase = 'detached';
    one.replaces = undefined;
  }
  one.phase = 'managed';
  one.read(row);
}

/** Collections of either end that are known show the other end. */
function includeEdge(session: SessionModel, edge: Tracked | undefined): void {
  if (edge?.table.name !== 'knows' || edge.base === undefined) return;
  const [from, to] = endsOf(edge.base);
  session.get(from)?.members('friends').known?.add(to);
  session.get(to)?.members('knownBy').known?.add(from);
}

/** A parallel edge still leads there. */
function excludeEdge(session: SessionModel, row: Row): void {
  const [from, to] = endsOf(row);
  for (const { base } of session.tracked.values()) if (base?.['in'] === from && base['out'] === to) return;
  session.get(from)?.members('friends').known?.delete(to);
  session.get(to)?.members('knownBy').known?.delete(from);
}

function moveMember(session: SessionModel, one: Tracked, before: unknown): void {
  const now = one.base?.['team'];
  if (now === before) return;
  session.get(String(before))?.members('members').known?.delete(one.id);
  session.get(String(now))?.members('members').known?.add(one.id);
}

/** What was added to or taken out of the other side of a link. */
function membersThatWait(session: SessionModel): [Tracked, Waiting][] {
  const teams = [...session.tracked.values()].filter(({ table }) => table.name === 'team');
  return teams.map((team) => {
    const { added, removed } = team.members('members');
    return [team, { added: [...added.keys()], removed: [...removed] }];
  });
}

interface Waiting {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** It is the link that counts. */
function settleMembers(session: SessionModel, team: Tracked, { added, removed }: Waiting): void {
  const { known } = team.members('members');
  for (const id of added) if (session.get(id)?.base?.['team'] === team.id) known?.add(id);
  for (const id of removed) if (session.get(id)?.base?.['team'] !== team.id) known?.delete(id);
}

const endsOf = (row: Row): [string, string] => [String(row['in']), String(row['out'])];
