import { Reverie, type EntityManager } from 'reverie-orm';
import { type Finding, type Measure, notebook } from '../shared/findings';
import type { Progress } from '../shared/progress';
import { readAirports, readRoutes } from './data';
import { Airport, Route } from './entities';

/** Loads a year of flights into an embedded SurrealDB and asks it things; answers with what was found. */
export async function tour(showProgress: (label: string) => Progress): Promise<readonly Finding[]> {
  const { findings, measure } = notebook();
  const orm = await Reverie.init({ url: 'mem://', namespace: 'flights', database: 'demo', entities: [Airport, Route] });
  try {
    await measure('Is there anything left to sync?', async () => ((await orm.schema.plan()).isEmpty ? 'no' : 'yes'));
    const em = orm.em.fork();
    await measure('Airports loaded', () => load(em, Airport, readAirports(), showProgress('Airports')));
    await measure('Routes loaded', () => load(em, Route, readRoutes(), showProgress('Routes')));
    await ask(em, measure);
    await measure('What does a transaction that fails leave behind?', () => rollBack(em));
    await measure('A change elsewhere arrives as a live event', () => listen(em));
  } finally {
    await orm.close();
  }
  return findings;
}

async function load<T extends object>(
  em: EntityManager,
  entity: new () => T,
  rows: Parameters<typeof em.insert<T>>[1],
  bar: Progress,
): Promise<string> {
  try {
    const { inserted } = await em.insert(entity, rows, { onProgress: bar.update });
    return inserted.toLocaleString('en');
  } finally {
    bar.stop();
  }
}

async function ask(em: EntityManager, measure: Measure): Promise<void> {
  const abe = await em.findOneOrFail(Airport, 'ABE');
  await measure('Airports in Alaska', async () => String(await em.count(Airport, { state: 'AK' })));
  await measure('Named after a field, in Texas', async () => {
    const found = await em.find(
      Airport,
      { state: 'TX', name: { $icontains: 'field' } },
      { orderBy: { city: 'asc' }, limit: 3 },
    );
    return found.map((airport) => airport.label).join('\n');
  });
  await measure(`Non-stop from ${abe.label}`, async () => {
    const direct = await em.traverse(abe).out(Route).to(Airport).list();
    return `${direct.length}: ${direct
      .map((airport) => airport.iata)
      .sort()
      .join(' ')}`;
  });
  await measure(`With one stop from ${abe.label}`, async () => {
    const reachable = await em.traverse(abe).out(Route).to(Airport).out(Route).to(Airport).list();
    return `${reachable.length} airports`;
  });
  await measure('Busiest routes, ends fetched', async () => {
    const routes = await em.find(Route, {}, { orderBy: { flights: 'desc' }, limit: 3, fetch: { in: true, out: true } });
    return routes
      .map((route) => `${route.in.get().iata} → ${route.out.get().iata}  ${route.flights.toLocaleString('en')}`)
      .join('\n');
  });
  await measure(`Within 60 km of ${abe.label}`, async () => {
    const near = await em.find(
      Airport,
      { location: { $within: { center: abe.location, meters: 60_000 } } },
      { orderBy: { iata: 'asc' } },
    );
    return near.map((airport) => airport.iata).join(' ');
  });
}

async function rollBack(em: EntityManager): Promise<string> {
  const before = await em.count(Airport);
  const outcome = await em
    .transaction(async (tx) => {
      const airport = await tx.findOneOrFail(Airport, 'ABE');
      airport.name = 'Renamed by mistake';
      tx.create(Airport, {
        iata: 'XXX',
        name: 'Nowhere',
        city: 'None',
        state: 'XX',
        country: 'USA',
        location: airport.location,
      });
      throw new Error('second thoughts');
    })
    .catch((error: Error) => error.message);
  const abe = await em.refresh(await em.findOneOrFail(Airport, 'ABE'));
  return `"${outcome}": ${(await em.count(Airport)) - before} airports more, ABE is "${abe.name}" still`;
}

async function listen(em: EntityManager): Promise<string> {
  const stream = await em.live(Airport, { state: 'AK' });
  const elsewhere = em.fork();
  const juneau = await elsewhere.findOneOrFail(Airport, 'JNU');
  juneau.name = `${juneau.name} (renovated)`;
  await elsewhere.flush();
  const { value } = await stream.next();
  await stream.close();
  return value?.entity === undefined ? 'none' : `${value.action} ${String(value.id)}: ${value.entity.name}`;
}
