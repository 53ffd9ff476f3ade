import type { IncomingMessage } from 'node:http';
import { HttpRefusal } from './http-answer.js';
import { jsonFormat } from './json-format.js';
import { cborFormat, type WireFormat } from './wire-format.js';

const FORMATS: readonly WireFormat[] = Object.freeze([cborFormat, jsonFormat]);

/** The format of a request's body. Throws an HttpRefusal (415) for one that the server does not read. */
export function bodyFormat(request: IncomingMessage): WireFormat {
  const type = mediaType(request.headers['content-type']);
  const format = FORMATS.find(({ mediaType: own }) => own === type);
  if (format === undefined) throw new HttpRefusal(415, 'The content type must be application/cbor or application/json');
  return format;
}

/** Whether the body is said to be CBOR; what says nothing of itself is text. */
export function saysCbor(request: IncomingMessage): boolean {
  return mediaType(request.headers['content-type']) === cborFormat.mediaType;
}

/** The format a client wants its answer in: JSON unless it asks for CBOR. */
export function answerFormat(request: IncomingMessage): WireFormat {
  const wanted = (request.headers.accept ?? '').split(',').map(mediaType);
  return wanted.includes(cborFormat.mediaType) ? cborFormat : jsonFormat;
}

/** Whether an `Accept` header, when there is one, takes this media type. */
export function accepts(request: IncomingMessage, type: string): boolean {
  const { accept } = request.headers;
  if (accept === undefined) return true;
  const family = `${type.split('/')[0]}/*`;
  return accept
    .split(',')
    .map(mediaType)
    .some((wanted) => wanted === type || wanted === '*/*' || wanted === family);
}

function mediaType(header: string | undefined): string | undefined {
  return header?.split(';')[0]?.trim().toLowerCase();
}
