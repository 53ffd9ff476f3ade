import type { IncomingMessage } from 'node:http';
import { HttpRefusal } from './http-answer.js';

/** The whole body of a request; refused with 413 as soon as it is known to exceed `limit` bytes. */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.reject(tooLarge(limit));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.byteLength;
      // What follows is read and dropped, so that the sender gets to the answer.
      if (size > limit) reject(tooLarge(limit));
      else chunks.push(chunk);
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', reject);
    request.once('close', () => reject(new HttpRefusal(400, 'The request ended early')));
  });
}

function tooLarge(limit: number): HttpRefusal {
  return new HttpRefusal(413, `The body is larger than ${limit} bytes`);
}
