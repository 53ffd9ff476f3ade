import type { ServerResponse } from 'node:http';

/** An HTTP request that is refused, with what its sender is told. */
export class HttpRefusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.name = 'HttpRefusal';
    this.status = status;
  }
}

/** Ends a response with a body of known length. */
export function answer(response: ServerResponse, status: number, mediaType: string, body: string | Uint8Array): void {
  if (response.headersSent || response.destroyed) return;
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  response.writeHead(status, { 'content-type': mediaType, 'content-length': bytes.byteLength });
  response.end(bytes);
}

/** Answers with nothing but a status. */
export function answerEmpty(response: ServerResponse, status: number): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'content-length': 0 });
  response.end();
}

/** Answers a refused request: plain text for failed credentials, the error object of SurrealDB's HTTP API otherwise. */
export function answerRefusal(response: ServerResponse, refusal: HttpRefusal): void {
  if (refusal.status === 401) {
    answer(response, 401, 'text/plain; charset=utf-8', refusal.message);
    return;
  }
  const body = {
    code: refusal.status,
    details: DETAILS[refusal.status] ?? 'Request problems detected',
    information: refusal.message,
  };
  answer(response, refusal.status, 'application/json', JSON.stringify(body));
}

const DETAILS: Readonly<Record<number, string>> = Object.freeze({
  403: 'Forbidden',
  404: 'Requested resource not found',
  405: 'Method not allowed',
  413: 'Payload too large',
  415: 'Unsupported media type',
  426: 'Upgrade required',
  500: 'Internal server error',
  503: 'The server is unable to handle the request',
});
