import { ArrivalOrder } from '../../../lib/live/arrival-order.js';

function open(hold = 20, limit = 100) {
  const released: string[] = [];
  const order = new ArrivalOrder<string>(hold, limit, (value) => released.push(value));
  const add = (...values: string[]) => values.forEach((value) => order.add(Number(value.slice(1)), value));
  return { order, add, released };
}

describe('ArrivalOrder', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('puts what overtook another back in its place', () => {
    const { add, released } = open();
    add('b2', 'a1');
    jest.advanceTimersByTime(5);
    add('d4', 'c3');
    expect(released).toEqual([]);
    jest.advanceTimersByTime(25);
    expect(released).toEqual(['a1', 'b2', 'c3', 'd4']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('keeps the order of arrival where stamps are equal', () => {
    const { add, released } = open();
    add('x1', 'y1', 'w0', 'z1');
    jest.advanceTimersByTime(20);
    expect(released).toEqual(['w0', 'x1', 'y1', 'z1']);
  });

  it('holds no value longer than it must', () => {
    const { add, released } = open();
    add('a1');
    jest.advanceTimersByTime(15);
    add('b2');
    jest.advanceTimersByTime(6);
    expect(released).toEqual(['a1']);
    jest.advanceTimersByTime(15);
    expect(released).toEqual(['a1', 'b2']);
  });

  it('gives on with a ripe value what belongs before it', () => {
    const { add, released } = open();
    add('b2');
    jest.advanceTimersByTime(19);
    add('a1', 'c3');
    jest.advanceTimersByTime(2);
    expect(released).toEqual(['a1', 'b2']);
  });

  it('gives on at once what comes too late, and what need not be held', () => {
    const late = open();
    late.add('b2');
    jest.advanceTimersByTime(21);
    late.add('a1');
    jest.advanceTimersByTime(21);
    expect(late.released).toEqual(['b2', 'a1']);
    const unheld = open(0);
    unheld.add('b2', 'a1');
    expect(unheld.released).toEqual(['b2', 'a1']);
  });

  it('holds no more than its limit', () => {
    const { add, released } = open(20, 2);
    add('c3', 'b2', 'a1');
    expect(released).toEqual(['a1', 'b2', 'c3']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('gives on or forgets all at once', () => {
    const { order, add, released } = open();
    add('b2', 'a1');
    order.flush();
    expect(released).toEqual(['a1', 'b2']);
    add('c3');
    order.clear();
    jest.advanceTimersByTime(50);
    expect(released).toEqual(['a1', 'b2']);
    expect(jest.getTimerCount()).toBe(0);
  });
});
