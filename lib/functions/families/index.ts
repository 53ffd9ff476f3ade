// Made by scripts/functions.mjs from scripts/functions.txt.
import { apiSignatures, type ApiFunctions } from './api.js';
import { arraySignatures, type ArrayFunctions } from './array.js';
import { bytesSignatures, type BytesFunctions } from './bytes.js';
import { rootSignatures, type RootFunctions } from './root.js';
import { cryptoSignatures, type CryptoFunctions } from './crypto.js';
import { durationSignatures, type DurationFunctions } from './duration.js';
import { encodingSignatures, type EncodingFunctions } from './encoding.js';
import { evalSignatures, type EvalFunctions } from './eval.js';
import { fileSignatures, type FileFunctions } from './file.js';
import { geoSignatures, type GeoFunctions } from './geo.js';
import { httpSignatures, type HttpFunctions } from './http.js';
import { mathSignatures, type MathFunctions } from './math.js';
import { objectSignatures, type ObjectFunctions } from './object.js';
import { parseSignatures, type ParseFunctions } from './parse.js';
import { randSignatures, type RandFunctions } from './rand.js';
import { recordSignatures, type RecordFunctions } from './record.js';
import { schemaSignatures, type SchemaFunctions } from './schema.js';
import { searchSignatures, type SearchFunctions } from './search.js';
import { sequenceSignatures, type SequenceFunctions } from './sequence.js';
import { sessionSignatures, type SessionFunctions } from './session.js';
import { setSignatures, type SetFunctions } from './set.js';
import { stringSignatures, type StringFunctions } from './string.js';
import { timeSignatures, type TimeFunctions } from './time.js';
import { typeSignatures, type TypeFunctions } from './type.js';
import { valueSignatures, type ValueFunctions } from './value.js';
import { vectorSignatures, type VectorFunctions } from './vector.js';
import type { Mode } from '../argument-types.js';
import type { Signatures } from '../signatures.js';

/** Every function of SurrealDB, by family. https://surrealdb.com/docs/surrealql/functions/database */
export interface Functions<M extends Mode = 'expression'> extends RootFunctions<M> {
  readonly api: ApiFunctions<M>;
  readonly array: ArrayFunctions<M>;
  readonly bytes: BytesFunctions<M>;
  readonly crypto: CryptoFunctions<M>;
  readonly duration: DurationFunctions<M>;
  readonly encoding: EncodingFunctions<M>;
  readonly eval: EvalFunctions<M>;
  readonly file: FileFunctions<M>;
  readonly geo: GeoFunctions<M>;
  readonly http: HttpFunctions<M>;
  readonly math: MathFunctions<M>;
  readonly object: ObjectFunctions<M>;
  readonly parse: ParseFunctions<M>;
  readonly rand: RandFunctions<M>;
  readonly record: RecordFunctions<M>;
  readonly schema: SchemaFunctions<M>;
  readonly search: SearchFunctions<M>;
  readonly sequence: SequenceFunctions<M>;
  readonly session: SessionFunctions<M>;
  readonly set: SetFunctions<M>;
  readonly string: StringFunctions<M>;
  readonly time: TimeFunctions<M>;
  readonly type: TypeFunctions<M>;
  readonly value: ValueFunctions<M>;
  readonly vector: VectorFunctions<M>;
}

export const SIGNATURES: Signatures = {
  ...apiSignatures,
  ...arraySignatures,
  ...bytesSignatures,
  ...rootSignatures,
  ...cryptoSignatures,
  ...durationSignatures,
  ...encodingSignatures,
  ...evalSignatures,
  ...fileSignatures,
  ...geoSignatures,
  ...httpSignatures,
  ...mathSignatures,
  ...objectSignatures,
  ...parseSignatures,
  ...randSignatures,
  ...recordSignatures,
  ...schemaSignatures,
  ...searchSignatures,
  ...sequenceSignatures,
  ...sessionSignatures,
  ...setSignatures,
  ...stringSignatures,
  ...timeSignatures,
  ...typeSignatures,
  ...valueSignatures,
  ...vectorSignatures,
};
