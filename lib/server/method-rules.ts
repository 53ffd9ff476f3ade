/** What the server must know of an RPC method before it hands the request to the engine. */
export interface MethodRule {
  /** Changes its session: runs alone there. The engine wedges a session whose `query` and `let` overlap. */
  readonly exclusive: boolean;
  /** Refused until the session has signed in. */
  readonly guarded: boolean;
  /** May write: passes the write gate where the engine needs one. `by-text` and `by-credentials` look at the first parameter. */
  readonly writes: 'never' | 'always' | 'by-text' | 'by-credentials';
  /** The engine runs it inside the transaction named by `txn`; other methods ignore that field. */
  readonly transactional: boolean;
  /** Signs the session in when it succeeds, or out. */
  readonly effect?: 'signs-in' | 'signs-out';
}

const data = (writes: MethodRule['writes'], transactional: boolean): MethodRule =>
  Object.freeze({ exclusive: false, guarded: true, writes, transactional });
const session = (writes: MethodRule['writes'], effect?: MethodRule['effect']): MethodRule =>
  Object.freeze({ exclusive: true, guarded: false, writes, transactional: false, ...(effect && { effect }) });

const RULES: ReadonlyMap<string, MethodRule> = new Map<string, MethodRule>([
  ['query', data('by-text', true)],
  ['select', data('never', true)],
  ['create', data('always', true)],
  ['insert', data('always', true)],
  ['insert_relation', data('always', true)],
  ['upsert', data('always', true)],
  ['merge', data('always', true)],
  ['delete', data('always', true)],
  ['update', data('always', false)],
  ['patch', data('always', false)],
  ['relate', data('always', false)],
  ['run', data('always', false)],
  ['kill', data('always', true)],
  ['live', data('always', true)],
  ['use', session('always')],
  ['let', session('never')],
  ['set', session('never')],
  ['unset', session('never')],
  ['signin', session('by-credentials', 'signs-in')],
  ['signup', session('always', 'signs-in')],
  ['authenticate', session('by-credentials', 'signs-in')],
  ['refresh', session('always', 'signs-in')],
  ['revoke', session('always')],
  ['invalidate', session('never', 'signs-out')],
  ['reset', session('always', 'signs-out')],
  ['info', { ...session('never'), exclusive: false }],
  ['version', { ...session('never'), exclusive: false }],
]);

/** The rule of a method, or undefined when the engine may not be asked for it. */
export function ruleOf(method: string): MethodRule | undefined {
  return RULES.get(method);
}
