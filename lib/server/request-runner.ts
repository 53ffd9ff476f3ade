import { decode, encode } from '../driver/codec/index.js';
import { expressionLimit } from '../driver/embedded/engine-stack.js';
import { serverStatements } from '../driver/embedded/server-statements.js';
import { mayPanic, panicOf } from '../driver/embedded/panic-guard.js';
import { tooDeep } from '../driver/embedded/stack-guard.js';
import { faultIn } from './answer-envelope.js';
import type { ClientSession } from './client-session.js';
import type { EngineHost } from './engine-host.js';
import { liveIdsIn } from './live-answer.js';
import type { MethodRule } from './method-rules.js';
import type { NotificationRouter } from './notification-router.js';
import { engineRequest, firstText, parametersOf, type RequestEnvelope } from './request-envelope.js';
import type { OpenTransaction } from './transaction-table.js';
import { useFault } from './use-guard.js';
import { wireFaults, WireFaultError } from './wire-fault.js';
import { natureOf, type RequestNature } from './write-access.js';

export interface RunnableRequest {
  readonly host: EngineHost;
  readonly router: NotificationRouter;
  readonly envelope: RequestEnvelope;
  readonly rule: MethodRule;
  readonly session: ClientSession;
  readonly transaction: OpenTransaction | undefined;
}

/** An engine answer; `release` lets the session's notifications through once it has been sent. */
export interface RequestOutcome {
  readonly answer: Uint8Array;
  readonly release?: () => void;
}

const USE_ATTEMPTS = 20;

/**
 * Runs a request in its session's order, through the sign-in check, past the engine's traps and, when it may write,
 * through the write gate.
 */
export function runRequest(request: RunnableRequest): Promise<RequestOutcome> {
  const { envelope, rule, session } = request;
  const nature = natureOf(envelope, rule);
  return session.run(rule.exclusive || nature.live ? 'exclusive' : 'shared', async (onStart) => {
    if (rule.guarded && !session.signedIn) throw new WireFaultError(wireFaults.anonymous);
    if (envelope.method === 'use') await refuseFatalUse(request);
    if (envelope.method === 'query') {
      await refuseFatalDepth(request);
      refuseFatalArguments(request);
    }
    if (!nature.live) return { answer: await ask(request, nature, onStart) };
    return askLive(request, nature, onStart);
  });
}

async function ask(request: RunnableRequest, nature: RequestNature, onStart: () => void): Promise<Uint8Array> {
  const { host, envelope, rule, session, transaction } = request;
  const { method, params, version } = envelope;
  const txn = transaction?.id;
  const call = {
    request: engineRequest({ method, session: session.engineId, params, version, txn }),
    gated: nature.gated,
    onStart,
  };
  const attempt = (): Promise<Uint8Array> => host.call(call);
  const answer = await (method === 'use'
    ? settled(attempt)
    : transaction === undefined
      ? attempt()
      : transaction.run(attempt));
  if (rule.effect !== undefined && faultIn(answer) === undefined) {
    if (rule.effect === 'signs-in') session.signIn();
    else session.signOut();
  }
  return answer;
}

/** Several connections that enter a new database at once all try to create it; those that lose simply enter it. */
async function settled(attempt: () => Promise<Uint8Array>): Promise<Uint8Array> {
  let answer = await attempt();
  for (
    let again = 0;
    again < USE_ATTEMPTS && faultIn(answer)?.message.includes('can be retried') === true;
    again += 1
  ) {
    answer = await attempt();
  }
  return answer;
}

async function askLive(request: RunnableRequest, nature: RequestNature, onStart: () => void): Promise<RequestOutcome> {
  const { session, router } = request;
  session.hold();
  const answered = router.expectLive(session);
  try {
    const answer = await ask(request, nature, onStart);
    answered(liveIdsIn(answer));
    return { answer, release: () => session.release() };
  } catch (error) {
    answered([]);
    session.release();
    throw error;
  }
}

async function refuseFatalUse({ host, envelope, session }: RunnableRequest): Promise<void> {
  const fault = await useFault(envelope, async () => {
    const params = encode([serverStatements.namespace]);
    const answer = decode(
      await host.call({ request: engineRequest({ method: 'query', session: session.engineId, params }), gated: false }),
    );
    const [entry] = Array.isArray(answer) ? (answer as readonly { readonly result?: unknown }[]) : [];
    return typeof entry?.result === 'string' && (entry as { readonly status?: unknown }).status === 'OK';
  });
  if (fault !== undefined) throw new WireFaultError(fault);
}

/** An expression that overflows the engine's stack would end the server with all its connections. */
async function refuseFatalDepth({ host, envelope }: RunnableRequest): Promise<void> {
  const text = firstText(envelope);
  if (text === undefined) return;
  // How large that stack is stands only when the engine has been loaded.
  await host.ready;
  const why = tooDeep(text, expressionLimit());
  if (why !== undefined) throw new WireFaultError(wireFaults.tooDeep(why));
}

/** An argument that makes the engine panic would do the same. Parameters are decoded only for a text that could hold one. */
function refuseFatalArguments({ envelope }: RunnableRequest): void {
  const text = firstText(envelope);
  if (text === undefined || !mayPanic(text)) return;
  const bindings = parametersOf(envelope)[1];
  const why = panicOf(text, bindings && decode(bindings));
  if (why !== undefined) throw new WireFaultError(wireFaults.fatalArgument(why));
}
