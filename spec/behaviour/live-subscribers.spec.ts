import { Field, Id, Subscriber, Table } from '../../lib/decorators/index.js';
import { connect } from '../../lib/driver/connect.js';
import type { Driver } from '../../lib/driver/driver.js';
import { openSubscriberStreams } from '../../lib/live/index.js';
import { discover } from '../../lib/metadata/index.js';
import { SubscriberDispatcher, type EntitySubscriber, type LiveEvent } from '../../lib/subscribers/index.js';
import type { RecordId } from '../../lib/values/index.js';

@Table({ name: 'city' })
class City {
  @Id() id!: RecordId<'city'>;
  @Field('string') name!: string;
}

@Table({ name: 'river' })
class River {
  @Id() id!: RecordId<'river'>;
  @Field('string') name!: string;
}

const heard: string[] = [];

@Subscriber(City)
class CityWatch implements EntitySubscriber<City> {
  async onLiveCreate({ entity }: LiveEvent<City>): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 10));
    heard.push(`create ${entity.name}`);
  }
  onLiveUpdate({ entity, em }: LiveEvent<City, { readonly name: string }>): void {
    heard.push(`update ${entity.name} with ${em.name}`);
  }
  onLiveDelete({ entity, id }: LiveEvent<City>): void {
    heard.push(`delete ${entity.name} ${String(id)}`);
  }
}

@Subscriber()
class EverythingWatch implements EntitySubscriber {
  onLiveCreate({ metadata }: LiveEvent): void {
    heard.push(`new ${metadata.className}`);
  }
}

describe('onLive hooks of subscriber classes', () => {
  let driver: Driver;
  const query = (text: string) => driver.execute({ text, bindings: {}, access: 'write', purpose: 'raw' });
  const settled = () => new Promise((resolve) => setTimeout(resolve, 150));

  beforeAll(async () => {
    driver = await connect('mem://', { namespace: 'test', database: 'test' });
    await query('DEFINE TABLE city; DEFINE TABLE river');
  });
  afterAll(() => driver.close());

  it('hear what anybody writes, one after the other, until they are closed', async () => {
    const registry = discover([City, River]);
    const streams = await openSubscriberStreams({
      dispatcher: new SubscriberDispatcher<{ readonly name: string }>(registry, [CityWatch, EverythingWatch]),
      registry,
      driver,
      hydrate: (metadata, row) => Object.assign(Object.create(metadata.target.prototype as object) as object, row),
      em: () => ({ name: 'a fork' }),
    });
    expect(streams.size).toBe(3);
    await query(
      "BEGIN; CREATE city:1 SET name = 'Bern'; UPDATE city:1 SET name = 'Basel'; DELETE city:1; CREATE river:1 SET name = 'Aare'; COMMIT",
    );
    await settled();
    const ofEverything = heard.filter((each) => each.startsWith('new'));
    expect(ofEverything.sort()).toEqual(['new City', 'new River']);
    expect(heard.filter((each) => !each.startsWith('new'))).toEqual([
      'create Bern',
      'update Basel with a fork',
      'delete Basel city:1',
    ]);
    await streams.close();
    heard.length = 0;
    await query("CREATE city:2 SET name = 'Chur'");
    await settled();
    expect(heard).toEqual([]);
  });
});
