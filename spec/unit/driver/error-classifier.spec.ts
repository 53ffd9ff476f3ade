import type { ServerFault, StatementResult } from '../../../lib/driver/driver.js';
import { errorOfFault, firstError } from '../../../lib/driver/error-classifier.js';
import { faultFrom } from '../../../lib/driver/rpc-fault.js';
import {
  AuthenticationError,
  CapabilityError,
  ConnectionError,
  PermissionError,
  QueryError,
  TimeoutError,
  TransactionConflictError,
  UniqueConstraintError,
} from '../../../lib/errors/index.js';
import { Decimal, RecordId } from '../../../lib/values/index.js';

const ok = (value?: unknown): StatementResult => ({ ok: true, value, time: '1ms' });
const err = (error: ServerFault): StatementResult => ({ ok: false, error, time: '1ms' });

// As SurrealDB 3.0.2 sends them.
const notExecuted = err({
  kind: 'Query',
  message: 'The query was not executed due to a failed transaction',
  details: { kind: 'NotExecuted' },
});
const cancelled = err({
  kind: 'Query',
  message: 'The query was not executed due to a cancelled transaction',
  details: { kind: 'Cancelled' },
});
const thrown = err({ kind: 'Thrown', message: 'An error occurred: { a: 1 }' });
const CONFLICT = 'Transaction conflict: Write conflict, retry the transaction. This transaction can be retried';

describe('errorOfFault', () => {
  const unparsed = { kind: 'Validation', message: 'Parse error: Unexpected token\n --> [1:1]\n' };

  it('tells the statement of a request of one that was refused as a whole, and none of several', () => {
    expect(errorOfFault(unparsed, { text: 'SELCT 1;' })).toMatchObject({ statement: 'SELCT 1', index: 0 });
    const several = errorOfFault(unparsed, { text: 'SELCT 1; RETURN 2' }) as QueryError;
    expect([several.statement, several.index]).toEqual([undefined, undefined]);
  });
});

describe('firstError', () => {
  it('is undefined when nothing failed', () => {
    expect(firstError([ok(), ok(1)], { text: 'LET $a = 1; RETURN $a' })).toBeUndefined();
    expect(firstError([], { text: '' })).toBeUndefined();
  });

  it('skips what merely shared the transaction of the cause', () => {
    const text = 'BEGIN; CREATE a; THROW { a: 1 }; RETURN 1; COMMIT; RETURN 5';
    const error = firstError([ok(), notExecuted, thrown, cancelled, ok(5)], {
      text,
      bindings: { secret: 42 },
    }) as QueryError;
    expect(error).toBeInstanceOf(QueryError);
    expect(error.what).toBe('An error occurred: { a: 1 }');
    expect(error.kind).toBe('Thrown');
    expect(error.index).toBe(2);
    expect(error.statement).toBe('THROW { a: 1 }');
    expect(error.bindings).toEqual(['secret']);
    expect(JSON.stringify({ ...error, message: error.message })).not.toContain('42');
  });

  it('takes a transaction that the script itself cancels for no failure', () => {
    expect(firstError([ok(), cancelled, ok(), ok(5)], { text: 'BEGIN; CREATE a; CANCEL; RETURN 5' })).toBeUndefined();
  });

  it('reports a failed transaction whose cause was not sent', () => {
    const error = firstError([ok(), notExecuted], { text: 'BEGIN; CREATE a; COMMIT' }) as QueryError;
    expect(error.what).toContain('failed transaction');
    expect(error.index).toBe(1);
  });

  it('reports 3.1 transactions, whose COMMIT has an entry of its own', () => {
    const commit = err({
      kind: 'Query',
      message: 'Cannot COMMIT: the transaction has failed',
      details: { kind: 'NotExecuted' },
    });
    expect(firstError([ok(), notExecuted, thrown, commit], { text: 'BEGIN; A; B; COMMIT' })?.what).toContain(
      'An error occurred',
    );
  });

  it('does not name a statement that it cannot tell', () => {
    const text = 'BEGIN; RETURN 1; CREATE a; COMMIT; THROW 1';
    const error = firstError([ok(), ok(1), ok(), thrown], { text }) as QueryError;
    expect(error.statement).toBeUndefined();
    expect(error.index).toBe(3);
  });
});

describe('conflicts', () => {
  const forms: [string, ServerFault][] = [
    ['of a statement', { kind: 'Query', message: CONFLICT, details: { kind: 'NotExecuted' } }],
    ['of a script', { kind: 'Internal', message: `Query not executed: ${CONFLICT}` }],
    ['of commit', { kind: 'Internal', code: -32000, message: CONFLICT }],
    ['from 3.0.5 on', { kind: 'Query', code: -32009, message: 'conflict', details: { kind: 'TransactionConflict' } }],
  ];
  it.each(forms)('%s', (_, fault) => {
    const error = errorOfFault(fault, { text: 'UPDATE a' }) as TransactionConflictError;
    expect(error).toBeInstanceOf(TransactionConflictError);
    expect(error.retryable).toBe(true);
    expect(firstError([ok(), err(fault), err(fault)], { text: '' })).toBeInstanceOf(TransactionConflictError);
  });

  it('are not seen in a thrown text or a stored value', () => {
    expect(errorOfFault({ kind: 'Thrown', message: `An error occurred: ${CONFLICT}` })).not.toBeInstanceOf(
      TransactionConflictError,
    );
    const message = `Database index \`u\` already contains '${CONFLICT}', with record \`a:1\``;
    expect(errorOfFault({ kind: 'Internal', message })).toBeInstanceOf(UniqueConstraintError);
  });
});

describe('unique values', () => {
  const clash = (value: string, record = 'u:1') =>
    errorOfFault({
      kind: 'Internal',
      message: `Database index \`ue\` already contains ${value}, with record \`${record}\``,
    }) as UniqueConstraintError;

  it.each<[string, unknown]>([
    ["'it'", 'it'],
    ['"it\'s"', "it's"],
    ["'new\\nline`tick'", 'new\nline`tick'],
    ["'🎉 ⟩ \\\\'", '🎉 ⟩ \\'],
    ['1', 1],
    ['1.5f', 1.5],
    ['1f', 1],
    ['1000000000000000000000000000000f', 1e30],
    ['9007199254740993', 9007199254740993n],
    ['Infinity', Infinity],
    ['true', true],
    ["[1, 'x']", [1, 'x']],
    ['{ a: [1] }', { a: [1] }],
    ["{ 'b c': NULL }", { 'b c': null }],
    ['{1, 2}', new Set([1, 2])],
    ['b"00FF"', Uint8Array.of(0, 255)],
    ['u:1..5', 'u:1..5'],
  ])('reads %s', (printed, value) => expect(clash(printed).value).toEqual(value));

  it('reads the values that have classes', () => {
    expect(clash('1.5dec').value).toEqual(new Decimal('1.5'));
    expect(String(clash('x:`a-b`').value)).toBe('x:`a-b`');
    expect(new RecordId('x', 'a').equals(clash('x:a').value)).toBe(true);
    expect(String(clash("u'018f4a3e-5f4c-7c4b-8d8d-111111111111'").value)).toBe('018f4a3e-5f4c-7c4b-8d8d-111111111111');
    expect((clash("d'2024-01-01T00:00:00Z'").value as Date).getTime()).toBe(Date.UTC(2024, 0, 1));
    expect(String(clash('1h30m').value)).toBe('1h30m');
    const list = clash("[x:a, 1h, d'2024-01-01T00:00:00Z', (1, 2)]").value as unknown[];
    expect(list).toHaveLength(4);
  });

  it.each([
    ['u:1', 'u'],
    ['u:`a b\\`c`', 'u'],
    ["u:['a', 1]", 'u'],
    ['`odd table`:x', 'odd table'],
    ['`odd\\`x`:{ a: u:1..5 }', 'odd`x'],
  ])('finds the table of %s', (record, table) => expect(clash('1', record).table).toBe(table));

  it('names a taken record id', () => {
    const error = errorOfFault({
      kind: 'AlreadyExists',
      message: 'Database record `u:7` already exists',
      details: { kind: 'Record', details: { id: 'u:7' } },
    }) as UniqueConstraintError;
    expect(error).toBeInstanceOf(UniqueConstraintError);
    expect(error).toMatchObject({ table: 'u', index: 'id', fields: ['id'] });
    expect(new RecordId('u', 7).equals(error.value)).toBe(true);
  });
});

describe('other faults', () => {
  const auth = (kind: string, details?: unknown, message = 'There was a problem with authentication'): ServerFault => ({
    kind: 'NotAllowed',
    message,
    code: -32002,
    details: { kind: 'Auth', details: { kind, ...(details !== undefined && { details }) } },
  });
  const cases: [string, ServerFault, new (...args: never[]) => Error][] = [
    ['wrong password', auth('InvalidAuth'), AuthenticationError],
    ['expired session', auth('SessionExpired', undefined, 'The session has expired'), AuthenticationError],
    ['expired token', auth('TokenExpired'), AuthenticationError],
    [
      'nobody signed in',
      auth(
        'NotAllowed',
        { actor: 'Anonymous', action: 'process', resource: 'query' },
        'Anonymous access not allowed: Not enough permissions to perform this action',
      ),
      AuthenticationError,
    ],
    [
      'missing role',
      auth(
        'NotAllowed',
        { actor: 'user', action: 'Edit', resource: 'Table' },
        'IAM error: Not enough permissions to perform this action',
      ),
      PermissionError,
    ],
    [
      'no right to run',
      { kind: 'Internal', message: "You don't have permission to run the fn::x function" },
      PermissionError,
    ],
    [
      'a function switched off',
      {
        kind: 'NotAllowed',
        message: "Function 'http::get' is not allowed to be executed",
        details: { kind: 'Function', details: { name: 'http::get' } },
      },
      CapabilityError,
    ],
    [
      'unknown method',
      { kind: 'NotFound', message: 'Method not found', details: { kind: 'Method', details: { name: 'unknown' } } },
      CapabilityError,
    ],
    [
      'timeout',
      {
        kind: 'Query',
        message: 'The query was not executed because it exceeded the timeout: 50ms',
        details: { kind: 'TimedOut', details: { duration: '50ms' } },
      },
      TimeoutError,
    ],
    ['shutdown', { kind: 'Internal', message: 'The server is gracefully shutting down' }, ConnectionError],
    ['parse error', { kind: 'Validation', message: 'Parse error: Unexpected token\n --> [1:1]\n' }, QueryError],
    [
      'coercion',
      { kind: 'Internal', message: "Couldn't coerce value for field `f` of `u:1`: Expected `int` but found `'a'`" },
      QueryError,
    ],
    [
      'assert',
      { kind: 'Internal', message: 'Found 5 for field `f`, with record `u:1`, but field must conform to: $value > 10' },
      QueryError,
    ],
    [
      'readonly',
      { kind: 'Internal', message: 'Found changed value for field `f`, with record `u:1`, but field is readonly' },
      QueryError,
    ],
    [
      'unknown field',
      { kind: 'Internal', message: "Found field 'zz', but no such field exists for table 'u'" },
      QueryError,
    ],
    ['ONLY', { kind: 'Internal', message: 'Expected a single result output when using the ONLY keyword' }, QueryError],
    [
      'missing table',
      {
        kind: 'NotFound',
        message: "The table 'nope' does not exist",
        details: { kind: 'Table', details: { name: 'nope' } },
      },
      QueryError,
    ],
  ];
  it.each(cases)('%s', (_, fault, type) => {
    const error = errorOfFault(fault, { text: 'UPDATE x' });
    expect(error).toBeInstanceOf(type);
    expect(error.what).toContain(fault.message);
    expect(error.cause).toEqual(fault);
  });

  it('takes any refusal of a sign-in for an AuthenticationError', () => {
    const fault = { kind: 'Internal', message: 'No record was returned' };
    expect(errorOfFault(fault, { purpose: 'auth' })).toBeInstanceOf(AuthenticationError);
    expect(errorOfFault(fault)).toBeInstanceOf(QueryError);
  });

  it('reads both wire forms, nested causes included', () => {
    expect(faultFrom({ status: 'ERR', result: 'broken', kind: 'Internal', time: '1ms' })).toEqual({
      message: 'broken',
      kind: 'Internal',
    });
    expect(
      faultFrom({ code: -32000, message: 'outer', kind: 'Query', cause: { message: 'inner', kind: 'Thrown' } }),
    ).toEqual({
      message: 'outer',
      kind: 'Query',
      code: -32000,
      cause: { message: 'inner', kind: 'Thrown' },
    });
  });
});
