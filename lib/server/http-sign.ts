import { decode, encode } from '../driver/codec/index.js';
import { answer, HttpRefusal } from './http-answer.js';
import { readBody } from './http-body.js';
import type { HttpExchange } from './http-endpoint.js';
import { answerFormat } from './http-media.js';
import { faultOf } from './wire-fault.js';

/** POST /signin: a JSON object of credentials for a token. */
export function signIn(exchange: HttpExchange): Promise<void> {
  return sign(exchange, 'signin');
}

/** POST /signup: a JSON object of credentials and variables for a new record user's token. */
export function signUp(exchange: HttpExchange): Promise<void> {
  return sign(exchange, 'signup');
}

async function sign({ request, response, limits, client }: HttpExchange, method: 'signin' | 'signup'): Promise<void> {
  const credentials = credentialsIn(await readBody(request, limits.signBodyBytes));
  const result = await client()
    .call(method, [credentials])
    .catch((error: unknown) => {
      throw new HttpRefusal(401, faultOf(error).message);
    });
  const tokens = tokensIn(decode(result));
  if (request.headers.accept === 'text/plain') {
    answer(response, 200, 'text/plain; charset=utf-8', tokens.token);
    return;
  }
  const format = answerFormat(request);
  const body = encode({ code: 200, details: 'Authentication succeeded', ...tokens });
  answer(response, 200, format.mediaType, format.encodeAnswer(body));
}

function credentialsIn(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new HttpRefusal(400, 'The body must be a JSON object of credentials');
  }
}

/** A token, or with WITH REFRESH an access and a refresh token. */
function tokensIn(result: unknown): { readonly token: string; readonly refresh?: string } {
  if (typeof result === 'string') return { token: result };
  const { access, refresh } = result as { readonly access: string; readonly refresh: string };
  return { token: access, refresh };
}
