import { Field, Id, Table } from '../../dist/esm/index.js';

/** The entity that is measured: a value of every common kind. */
export class Item {}
for (const [type, name] of [
  ['string', 'name'],
  ['int', 'rank'],
  ['bool', 'active'],
  ['float', 'score'],
  ['datetime', 'at'],
  ['array<string>', 'labels'],
]) {
  Field(type)(Item.prototype, name);
}
Id('int')(Item.prototype, 'id');
Table({ name: 'item' })(Item);

export const data = (i) => ({
  name: `item ${i}`,
  rank: i,
  active: i % 2 === 0,
  score: i / 3,
  at: new Date(1.7e12 + i),
  labels: ['a', `l${i % 7}`],
});
