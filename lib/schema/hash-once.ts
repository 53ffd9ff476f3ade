import type { HashAlgorithm } from '../metadata/options.js';
import { binary, block, call, iff, or, param, value, type Expression } from '../surrealql/nodes/expressions.js';
import { evaluate } from '../surrealql/nodes/statements.js';
import { NONE } from '../values/index.js';

const VALUE = param('value');

/**
 * What the server's own functions make, with no more work than they would ask for: a stranger's text must not make a later
 * comparison take all memory.
 */
const HASHES: Readonly<Record<HashAlgorithm, string>> = {
  argon2: '^[$]argon2(id|i|d)[$]v=[0-9]+[$]m=[0-9]{1,5},t=[0-9],p=[0-9][$][A-Za-z0-9+/]+[$][A-Za-z0-9+/]+$',
  bcrypt: '^[$]2[abxy][$](0[0-9]|1[0-4])[$][./A-Za-z0-9]{53}$',
  pbkdf2: '^[$]pbkdf2-sha[0-9]+[$]i=[0-9]{1,6},l=[0-9]{1,3}[$][A-Za-z0-9+/]+[$][A-Za-z0-9+/]+$',
  scrypt: '^[$]scrypt[$]ln=1?[0-9],r=[0-9],p=[0-9][$][A-Za-z0-9+/]+[$][A-Za-z0-9+/]+$',
};

/**
 * The VALUE of a field that is hashed when it is written. The clause runs on every update of the record, with the stored hash
 * as `$value` where the field was not written: hashing that again would lock everybody out.
 */
export function hashOnce(algorithm: HashAlgorithm): Expression {
  const kept = or([
    binary(VALUE, '=', value(NONE)),
    binary(VALUE, '=', param('before')),
    call('string::matches', VALUE, value(HASHES[algorithm])),
  ]);
  return iff(kept, block([evaluate(VALUE)]), block([evaluate(call(`crypto::${algorithm}::generate`, VALUE))]));
}
