import { decode, encode } from '../driver/codec/index.js';
import { DateTime, RecordId, Uuid } from '../values/index.js';
import { jsonText } from './json-text.js';
import type { WireFormat } from './wire-format.js';

/** The JSON of clients without CBOR, translated both ways. */
export const jsonFormat: WireFormat = Object.freeze({
  name: 'json' as const,
  mediaType: 'application/json',
  decodeRequest: (frame: Uint8Array) => encode(typedRequest(JSON.parse(Buffer.from(frame).toString('utf8')))),
  encodeAnswer: (answer: Uint8Array) => jsonText(decode(answer)),
});

/** Methods whose text is text: credentials, tokens and names are never read as record ids. */
const PLAIN: ReadonlySet<string> = new Set(['use', 'signin', 'signup', 'authenticate', 'refresh', 'revoke', 'unset']);
/** Methods whose first parameter is a statement or a name, and whose other parameters are values. */
const NAME_FIRST: ReadonlySet<string> = new Set(['query', 'let', 'set', 'run']);

const RECORD_ID = /^[A-Za-z_][A-Za-z0-9_]*:(?:[A-Za-z0-9_]+|`[^`]+`|⟨[^⟩]+⟩)$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DATETIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** A JSON request with its parameters' strings read as the server reads them: `"person:1"` is a record id. */
function typedRequest(request: unknown): unknown {
  if (typeof request !== 'object' || request === null || Array.isArray(request)) return request;
  const { method, params } = request as { readonly method?: unknown; readonly params?: unknown };
  if (typeof method !== 'string' || !Array.isArray(params) || PLAIN.has(method)) return request;
  const first = NAME_FIRST.has(method) ? 1 : 0;
  return { ...request, params: params.map((value: unknown, index) => (index < first ? value : typed(value))) };
}

function typed(value: unknown): unknown {
  if (typeof value === 'string') return typedText(value);
  if (Array.isArray(value)) return value.map(typed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, typed(member)]));
}

function typedText(text: string): unknown {
  try {
    if (RECORD_ID.test(text)) return RecordId.parse(text);
    if (UUID.test(text)) return Uuid.parse(text);
    if (DATETIME.test(text)) return DateTime.parse(text);
  } catch {
    // It only looked like one.
  }
  return text;
}
