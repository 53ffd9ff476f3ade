import {
  SubscriberDispatcher,
  type CommitEvent,
  type EntitySubscriber,
  type RollbackEvent,
} from '../../../lib/subscribers/index.js';
import { Order, User, changeOf, eventRegistry } from '../../support/event-entities.js';

const registry = eventRegistry();
const users = registry.get(User);
const orders = registry.get(Order);
const em = { name: 'em' };

const ann = Object.assign(new User(), { name: 'Ann' });
const order = Object.assign(new Order(), { total: 5 });
const old = new Order();
const changes = [
  changeOf(users, 'create', ann, { name: { old: undefined, new: 'Ann' } }),
  changeOf(orders, 'update', order, { total: { old: 4, new: 5 } }),
  changeOf(orders, 'delete', old),
];

/** Writes down every hook that is called. */
function recorder(log: string[]): EntitySubscriber {
  const plain = [
    ...['beforeFlush', 'onFlush', 'afterFlush', 'beforeCommit', 'afterCommit', 'afterRollback'],
    ...['Create', 'Update', 'Delete', 'Save'].flatMap((verb) => [`before${verb}`, `after${verb}`]),
  ];
  const hooks: Record<string, unknown> = {};
  const nameOf = (event: { entity?: object }) =>
    event.entity === undefined ? '' : ` ${event.entity.constructor.name}`;
  for (const name of plain) hooks[name] = (event: { entity?: object }) => void log.push(name + nameOf(event));
  for (const verb of ['Create', 'Update', 'Delete', 'Save']) {
    hooks[`around${verb}`] = async (event: { entity?: object }, next: () => Promise<void>) => {
      log.push(`around${verb}${nameOf(event)} {`);
      await next();
      log.push(`} around${verb}`);
    };
  }
  return hooks as EntitySubscriber;
}

async function flush(dispatcher: SubscriberDispatcher<typeof em>, request: () => Promise<void>): Promise<void> {
  const events = dispatcher.flush(em);
  await events.beforeFlush();
  await events.onFlush(changes);
  await events.before(changes);
  await events.beforeCommit(changes);
  try {
    await events.around(changes, request);
  } catch (error) {
    await events.rolledBack(error, changes);
    throw error;
  }
  await events.committed(changes);
}

describe('the events of a flush', () => {
  it('come in the promised order', async () => {
    const log: string[] = [];
    await flush(new SubscriberDispatcher<typeof em>(registry, [recorder(log)]), async () => void log.push('request'));
    expect(log).toEqual([
      'beforeFlush',
      'onFlush',
      'beforeCreate User',
      'beforeSave User',
      'beforeUpdate Order',
      'beforeSave Order',
      'beforeDelete Order',
      'beforeCommit',
      'aroundCreate User {',
      'aroundSave User {',
      'aroundUpdate Order {',
      'aroundSave Order {',
      'aroundDelete Order {',
      'request',
      '} aroundDelete',
      '} aroundSave',
      '} aroundUpdate',
      '} aroundSave',
      '} aroundCreate',
      'afterCreate User',
      'afterSave User',
      'afterUpdate Order',
      'afterSave Order',
      'afterDelete Order',
      'afterCommit',
      'afterFlush',
    ]);
  });

  it('are frozen and carry the em, the entity and its changes', async () => {
    const seen: unknown[] = [];
    let commit: CommitEvent<typeof em> | undefined;
    const subscriber = {
      beforeUpdate: (event: unknown) => seen.push(event),
      afterCommit: (event: CommitEvent<typeof em>) => (commit = event),
    };
    await flush(new SubscriberDispatcher<typeof em>(registry, [subscriber]), async () => undefined);
    expect(seen).toEqual([
      {
        em,
        action: 'update',
        entity: order,
        id: changes[1]?.id,
        metadata: orders,
        changes: { total: { old: 4, new: 5 } },
      },
    ]);
    expect(seen.every((each) => Object.isFrozen(each) && Object.isFrozen((each as { changes: object }).changes))).toBe(
      true,
    );
    expect(commit?.changes.map(({ action, entity }) => [action, entity])).toEqual([
      ['create', ann],
      ['update', order],
      ['delete', old],
    ]);
    expect(Object.isFrozen(commit?.changes) && commit?.changes.every((each) => Object.isFrozen(each))).toBe(true);
  });

  it('tell a failed flush to afterRollback, and to no after hook', async () => {
    const log: string[] = [];
    const error = new Error('unique');
    let event: RollbackEvent | undefined;
    const dispatcher = new SubscriberDispatcher<typeof em>(registry, [
      recorder(log),
      { afterRollback: (given: RollbackEvent) => (event = given) },
    ]);
    await expect(flush(dispatcher, () => Promise.reject(error))).rejects.toBe(error);
    expect(log.filter((each) => each.startsWith('after'))).toEqual(['afterRollback']);
    expect(event).toMatchObject({ em, error });
    expect(event?.changes).toHaveLength(3);
  });

  it('never let afterRollback replace the error', async () => {
    const reported: unknown[] = [];
    const error = new Error('flush');
    const dispatcher = new SubscriberDispatcher<typeof em>(
      registry,
      [{ afterRollback: () => Promise.reject(new Error('hook')) }],
      {
        report: (hookError) => reported.push(hookError),
      },
    );
    await expect(flush(dispatcher, () => Promise.reject(error))).rejects.toBe(error);
    expect(reported).toEqual([new Error('hook')]);
  });

  it('gather what fails after the commit, around hooks first, and run the rest', async () => {
    const log: string[] = [];
    const errors = ['around', 'afterCreate', 'afterCommit'].map((name) => new Error(name));
    const failing = {
      async aroundSave(event: { entity: object }, next: () => Promise<void>) {
        await next();
        if (event.entity === ann) throw errors[0];
      },
      afterCreate() {
        throw errors[1];
      },
      afterCommit: () => Promise.reject(errors[2]),
    };
    const dispatcher = new SubscriberDispatcher<typeof em>(registry, [failing, recorder(log)]);
    await expect(flush(dispatcher, async () => undefined)).rejects.toMatchObject({
      code: 'AFTER_COMMIT',
      cause: errors[0],
      errors,
    });
    expect(log.slice(-2)).toEqual(['afterCommit', 'afterFlush']);
  });

  it('show what around hooks threw before the transaction is over, so that it can still be rolled back', async () => {
    const error = new Error('late');
    const reported: unknown[] = [];
    const hook = {
      async aroundSave(_: unknown, next: () => Promise<void>) {
        await next();
        throw error;
      },
    };
    const dispatcher = new SubscriberDispatcher<typeof em>(registry, [hook], { report: (each) => reported.push(each) });
    const events = dispatcher.flush(em);
    await events.around(changes.slice(0, 1), async () => undefined);
    expect(events.failures).toEqual([{ label: 'a subscriber.aroundSave', error }]);
    await events.rolledBack(error, changes);
    expect(events.failures).toEqual([]);
    expect(reported).toEqual([error]);
  });

  it('make no records where nobody listens', async () => {
    const untouchable = new Proxy(changes[0] as object, {
      get(target, key) {
        if (key === 'changes') throw new Error('read');
        return Reflect.get(target, key) as unknown;
      },
    }) as (typeof changes)[number];
    const dispatcher = new SubscriberDispatcher<typeof em>(registry, [
      { instance: { beforeCreate() {} }, targets: [Order] },
    ]);
    const events = dispatcher.flush(em);
    let sent = 0;
    await events.onFlush([untouchable]);
    await events.before([untouchable]);
    await events.around([untouchable], async () => void sent++);
    await events.committed([untouchable]);
    expect(sent).toBe(1);
  });

  it('fire afterFlush for a flush that found nothing', async () => {
    const log: string[] = [];
    await new SubscriberDispatcher<typeof em>(registry, [recorder(log)]).flush(em).nothingToDo();
    expect(log).toEqual(['afterFlush']);
  });

  it('put the hooks of one event around one request', async () => {
    const log: string[] = [];
    const dispatcher = new SubscriberDispatcher<typeof em>(registry, [recorder(log)]);
    const [create] = changes;
    const event = { em, action: 'create' as const, entity: ann, id: create?.id, metadata: users, changes: {} };
    await dispatcher.around(
      'aroundCreate',
      [{ metadata: users, event: event as never }],
      async () => void log.push('request'),
    );
    expect(log).toEqual(['aroundCreate User {', 'request', '} aroundCreate']);
  });
});
