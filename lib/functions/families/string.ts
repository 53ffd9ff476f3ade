// Made by scripts/functions.mjs from scripts/functions.txt.
import type { Range } from '../../values/index.js';
import type { Arg, Int, Mode, Out } from '../argument-types.js';
import type { Signatures } from '../signatures.js';

/** `string::` https://surrealdb.com/docs/surrealql/functions/database/string */
export interface StringFunctions<M extends Mode = 'expression'> {
  capitalize(text: Arg<string>): Out<M, string>;
  concat(...values: readonly Arg<unknown>[]): Out<M, string>;
  contains(text: Arg<string>, part: Arg<string>): Out<M, boolean>;
  readonly distance: {
    damerau_levenshtein(left: Arg<string>, right: Arg<string>): Out<M, number>;
    hamming(left: Arg<string>, right: Arg<string>): Out<M, number>;
    levenshtein(left: Arg<string>, right: Arg<string>): Out<M, number>;
    normalized_damerau_levenshtein(left: Arg<string>, right: Arg<string>): Out<M, number>;
    normalized_levenshtein(left: Arg<string>, right: Arg<string>): Out<M, number>;
    osa(left: Arg<string>, right: Arg<string>): Out<M, number>;
  };
  ends_with(text: Arg<string>, end: Arg<string>): Out<M, boolean>;
  readonly html: {
    encode(text: Arg<string>): Out<M, string>;
    sanitize(text: Arg<string>): Out<M, string>;
  };
  is_alpha(text: Arg<string>): Out<M, boolean>;
  is_alphanum(text: Arg<string>): Out<M, boolean>;
  is_ascii(text: Arg<string>): Out<M, boolean>;
  is_datetime(text: Arg<string>, format?: Arg<string>): Out<M, boolean>;
  is_domain(text: Arg<string>): Out<M, boolean>;
  is_email(text: Arg<string>): Out<M, boolean>;
  is_hexadecimal(text: Arg<string>): Out<M, boolean>;
  is_ip(text: Arg<string>): Out<M, boolean>;
  is_ipv4(text: Arg<string>): Out<M, boolean>;
  is_ipv6(text: Arg<string>): Out<M, boolean>;
  is_latitude(text: Arg<string>): Out<M, boolean>;
  is_longitude(text: Arg<string>): Out<M, boolean>;
  is_numeric(text: Arg<string>): Out<M, boolean>;
  is_record(text: Arg<string>, table?: Arg<string>): Out<M, boolean>;
  is_semver(text: Arg<string>): Out<M, boolean>;
  is_ulid(text: Arg<string>): Out<M, boolean>;
  is_url(text: Arg<string>): Out<M, boolean>;
  is_uuid(text: Arg<string>): Out<M, boolean>;
  join(separator: Arg<string>, ...values: readonly Arg<unknown>[]): Out<M, string>;
  len(text: Arg<string>): Out<M, number>;
  lowercase(text: Arg<string>): Out<M, string>;
  matches(text: Arg<string>, pattern: Arg<string | RegExp>): Out<M, boolean>;
  repeat(text: Arg<string>, times: Arg<Int>): Out<M, string>;
  replace(text: Arg<string>, from: Arg<string | RegExp>, to: Arg<string>): Out<M, string>;
  reverse(text: Arg<string>): Out<M, string>;
  readonly semver: {
    compare(left: Arg<string>, right: Arg<string>): Out<M, number>;
    readonly inc: {
      major(version: Arg<string>): Out<M, string>;
      minor(version: Arg<string>): Out<M, string>;
      patch(version: Arg<string>): Out<M, string>;
    };
    major(version: Arg<string>): Out<M, number>;
    minor(version: Arg<string>): Out<M, number>;
    patch(version: Arg<string>): Out<M, number>;
    readonly set: {
      major(version: Arg<string>, major: Arg<Int>): Out<M, string>;
      minor(version: Arg<string>, minor: Arg<Int>): Out<M, string>;
      patch(version: Arg<string>, patch: Arg<Int>): Out<M, string>;
    };
  };
  readonly similarity: {
    fuzzy(left: Arg<string>, right: Arg<string>): Out<M, number>;
    jaro(left: Arg<string>, right: Arg<string>): Out<M, number>;
    jaro_winkler(left: Arg<string>, right: Arg<string>): Out<M, number>;
    smithwaterman(left: Arg<string>, right: Arg<string>): Out<M, number>;
    sorensen_dice(left: Arg<string>, right: Arg<string>): Out<M, number>;
  };
  slice(text: Arg<string>, range: Arg<Range>): Out<M, string>;
  slice(text: Arg<string>, start?: Arg<Int>, end?: Arg<Int>): Out<M, string>;
  slug(text: Arg<string>): Out<M, string>;
  split(text: Arg<string>, separator: Arg<string>): Out<M, string[]>;
  starts_with(text: Arg<string>, start: Arg<string>): Out<M, boolean>;
  trim(text: Arg<string>): Out<M, string>;
  uppercase(text: Arg<string>): Out<M, string>;
  words(text: Arg<string>): Out<M, string[]>;
}

export const stringSignatures: Signatures = {
  'string::capitalize': [1, 1],
  'string::concat': [0, Infinity],
  'string::contains': [2, 2],
  'string::distance::damerau_levenshtein': [2, 2],
  'string::distance::hamming': [2, 2],
  'string::distance::levenshtein': [2, 2],
  'string::distance::normalized_damerau_levenshtein': [2, 2],
  'string::distance::normalized_levenshtein': [2, 2],
  'string::distance::osa': [2, 2],
  'string::ends_with': [2, 2],
  'string::html::encode': [1, 1],
  'string::html::sanitize': [1, 1],
  'string::is_alpha': [1, 1],
  'string::is_alphanum': [1, 1],
  'string::is_ascii': [1, 1],
  'string::is_datetime': [1, 2],
  'string::is_domain': [1, 1],
  'string::is_email': [1, 1],
  'string::is_hexadecimal': [1, 1],
  'string::is_ip': [1, 1],
  'string::is_ipv4': [1, 1],
  'string::is_ipv6': [1, 1],
  'string::is_latitude': [1, 1],
  'string::is_longitude': [1, 1],
  'string::is_numeric': [1, 1],
  'string::is_record': [1, 2],
  'string::is_semver': [1, 1],
  'string::is_ulid': [1, 1],
  'string::is_url': [1, 1],
  'string::is_uuid': [1, 1],
  'string::join': [1, Infinity],
  'string::len': [1, 1],
  'string::lowercase': [1, 1],
  'string::matches': [2, 2],
  'string::repeat': [2, 2],
  'string::replace': [3, 3],
  'string::reverse': [1, 1],
  'string::semver::compare': [2, 2],
  'string::semver::inc::major': [1, 1],
  'string::semver::inc::minor': [1, 1],
  'string::semver::inc::patch': [1, 1],
  'string::semver::major': [1, 1],
  'string::semver::minor': [1, 1],
  'string::semver::patch': [1, 1],
  'string::semver::set::major': [2, 2],
  'string::semver::set::minor': [2, 2],
  'string::semver::set::patch': [2, 2],
  'string::similarity::fuzzy': [2, 2],
  'string::similarity::jaro': [2, 2],
  'string::similarity::jaro_winkler': [2, 2],
  'string::similarity::smithwaterman': [2, 2],
  'string::similarity::sorensen_dice': [2, 2],
  'string::slice': [1, 3],
  'string::slug': [1, 1],
  'string::split': [2, 2],
  'string::starts_with': [2, 2],
  'string::trim': [1, 1],
  'string::uppercase': [1, 1],
  'string::words': [1, 1],
};
