import { CapabilityError, defineModel, fn, surql, ValidationError, type EntityManager } from '../../lib/index.js';
import { printExpression } from '../../lib/surrealql/printer.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

const price = defineModel('house_price', {
  version: '1.0.0',
  input: { squarefoot: 'number', floors: 'option<int>' },
  returns: 'float',
});
const raw = defineModel('ml::house_price', { version: '2.10.0', input: 'array<number>' });

const shown = (expression: Parameters<typeof printExpression>[0]): string =>
  printExpression(expression, { literals: true }).text;

describe('models of SurrealML', () => {
  it('a call names its version, and takes values by name or the bare numbers', () => {
    expect(shown(price({ squarefoot: 500, floors: 2 }))).toBe('ml::house_price<1.0.0>({ squarefoot: 500, floors: 2 })');
    expect(shown(price({ squarefoot: fn.math.max([1, 2]) }))).toBe(
      'ml::house_price<1.0.0>({ squarefoot: math::max([1, 2]), floors: NONE })',
    );
    expect(shown(raw([500, 2]))).toBe('ml::house_price<2.10.0>([500, 2])');
    expect(shown(surql`${raw(surql`SELECT VALUE size FROM house`)} > ${1}` as never)).toContain(
      'ml::house_price<2.10.0>(',
    );
  });

  it('input that the model does not take is refused before anything is sent', () => {
    expect(() => price({ squarefoot: 'big' } as never)).toThrow(ValidationError);
    expect(() => price({} as never)).toThrow('ml::house_price needs the argument squarefoot');
    expect(() => price({ squarefoot: 1, flors: 2 } as never)).toThrow('floors');
    expect(() => raw('1' as never)).toThrow(ValidationError);
    expect(() => defineModel('a b', { version: '1.0.0', input: 'number' })).toThrow('is no name of a model');
    for (const version of ['1', '1.0.0>(1); --', undefined]) {
      expect(() => defineModel('a', { version: version as string, input: 'number' })).toThrow(
        'is no version of the model a',
      );
    }
  });

  describe.each(backends)('on $name', (backend) => {
    let test: TestOrm;
    let em: EntityManager;
    beforeAll(async () => {
      test = await openOrm(backend);
      em = test.orm.em.fork();
    });
    afterAll(() => test.close());

    it('a server that runs no models is told as one', async () => {
      const error: unknown = await em.call(price, { squarefoot: 500, floors: 1 }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(CapabilityError);
      expect((error as Error).message).toMatch(/The server runs no models[^]*surreal ml import/);
      await expect(em.run(raw([1]))).rejects.toBeInstanceOf(CapabilityError);
    });
  });
});
