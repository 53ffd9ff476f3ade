import {
  RequestContext,
  Transactional,
  TransactionConflictError,
  ValidationError,
  type EntityManager,
  type Reverie,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { Team } from '../support/entities.js';
import { expectInOrder } from '../support/in-order.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';
import { withMadeKeys } from '../support/statements.js';
import { COMPILERS, run } from '../decorators/compilers.js';

class Teams {
  runs = 0;
  constructor(readonly em: EntityManager) {}

  @Transactional()
  async addTwo(first: string, second: string): Promise<Team[]> {
    const added = [this.em.create(Team, { name: first }), this.em.create(Team, { name: second })];
    await this.em.flush();
    if (second === 'bad') throw new Error('bad');
    return added;
  }

  @Transactional({ retry: { attempts: 3 } })
  async conflictsTwice(): Promise<number> {
    if (++this.runs < 3) throw new TransactionConflictError({ what: 'somebody else was first' });
    this.em.create(Team, { name: `run ${this.runs}` });
    return this.runs;
  }

  @Transactional({ propagation: 'MANDATORY' })
  async inside(name: string): Promise<void> {
    this.em.create(Team, { name });
  }

  @Transactional()
  async outside(name: string): Promise<void> {
    await this.inside(name);
  }
}

class WithOrm {
  constructor(readonly orm: Reverie) {}
  @Transactional()
  async add(name: string): Promise<void> {
    this.orm.em.create(Team, { name });
  }
}

class WithNothing {
  constructor(private readonly find: () => EntityManager) {}
  @Transactional()
  async add(name: string): Promise<void> {
    this.find().create(Team, { name });
  }
}

describe.each(backends)('@Transactional on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openRecordedOrm(backend);
  });
  afterAll(() => test.close());
  afterEach(() => expectInOrder(test, em));
  beforeEach(async () => {
    await test.orm.em.fork().deleteWhere(Team, { name: { $ne: '' } });
    em = test.orm.em.fork();
    test.clear();
  });

  const made = (...created: readonly string[]) =>
    created.map((name) => withMadeKeys(`CREATE ONLY team:* CONTENT { name: '${name}' } RETURN NONE`));
  const names = async () => (await test.orm.em.fork().find(Team)).map(({ name }) => name).sort();

  it("takes the object's own em: one request, and the answer of the method", async () => {
    const added = await new Teams(em).addTwo('A', 'B');
    expect(test.sent()).toHaveLength(1);
    expect(test.written()).toEqual(made('A', 'B'));
    expect(added.map((team) => em.contains(team))).toEqual([true, true]);
    expect(await names()).toEqual(['A', 'B']);
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  });

  it('what it throws rolls back', async () => {
    await expect(new Teams(em).addTwo('A', 'bad')).rejects.toThrow('bad');
    expect(test.sent()).toEqual([]);
    expect(await names()).toEqual([]);
  });

  it('options are those of em.transaction', async () => {
    const teams = new Teams(em);
    expect(await teams.conflictsTwice()).toBe(3);
    expect(await names()).toEqual(['run 3']);
    await expect(teams.inside('A')).rejects.toThrow(/MANDATORY/);
    await teams.outside('A');
    expect(test.written()).toEqual(made('run 3', 'A'));
    expect(await names()).toEqual(['A', 'run 3']);
  });

  it("takes the em of the object's orm, in a request or as a transaction of its own", async () => {
    await RequestContext.run(test.orm, () => new WithOrm(test.orm).add('A'));
    await new WithOrm(test.orm).add('B');
    expect(test.written()).toEqual(made('A', 'B'));
    expect(await names()).toEqual(['A', 'B']);
  });

  it('takes the em of the request or transaction that is running', async () => {
    const service = new WithNothing(() => test.orm.em);
    await RequestContext.run(test.orm, () => service.add('A'));
    await em.transaction(() => service.add('B'));
    expect(test.written()).toEqual(made('A', 'B'));
    expect(await names()).toEqual(['A', 'B']);
  });

  it('without any it says where one could come from', async () => {
    const added = new WithNothing(() => test.orm.em).add('A');
    await expect(added).rejects.toBeInstanceOf(ValidationError);
    await expect(added).rejects.toThrow(/add\(\) has no EntityManager.*RequestContext\.run/s);
  });

  it('with the requests of two ORMs it does not guess', async () => {
    const other = await openRecordedOrm(backend);
    const added = RequestContext.run(test.orm, () =>
      RequestContext.run(other.orm, () => new WithNothing(() => test.orm.em).add('A')),
    );
    await expect(added).rejects.toThrow(/several ORMs/);
    await other.close();
  });
});

describe('@Transactional in every dialect', () => {
  it.each(COMPILERS)('$name', async (compiler) => {
    const { Service } = run<{ Service: new (em: object) => { add(a: number, b: number): Promise<number> } }>(
      compiler,
      'transactional',
    );
    const begun: unknown[] = [];
    const em = {
      transaction(work: () => Promise<unknown>, options: unknown) {
        begun.push(options);
        return work();
      },
    };
    const service = new Service(em);
    expect(await service.add(1, 2)).toBe(3);
    expect(begun).toEqual([{ mode: 'interactive' }]);
    expect([service.add.name, service.add.length]).toEqual(['add', 2]);
  });
});
