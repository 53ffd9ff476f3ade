import { Field, Id, Reverie, Table, type EntityClass, type LiveStream, type RecordId } from '../../lib/index.js';
import { startServer } from '../../lib/server/index.js';
import { eventually } from './support/eventually.js';
import { memoryInUse } from './support/memory.js';

abstract class Sensor {
  @Id('int') id!: RecordId<string, number>;
  @Field('int') room!: number;
  @Field('int') reading!: number;
}

const STREAMS = Number(process.env['LIVE_STREAMS'] ?? 1_000);
const EVENTS = Number(process.env['LIVE_EVENTS'] ?? 10_000);
/** The engine asks every live query of a table at each of its writes, so the streams are spread over as many tables. */
const TABLES = 50;
/** Megabytes of growth, once all has been made that is made once. A leak of a kilobyte an event would be several. */
const FLAT = 4;
const AUTH = { username: 'root', password: 'root' } as const;

const classOf = (room: number) => classes[room % TABLES] as EntityClass<Sensor>;
const classes = Array.from({ length: TABLES }, (_, at) => {
  class Made extends Sensor {}
  Table({ name: `sensor${at}` })(Made);
  return Made;
});

/** A thousand streams over one socket, each of its own room, and ten thousand events among them. */
describe('many live streams', () => {
  it(`${STREAMS} streams hear of ${EVENTS} events, each of its own, in order per record, in flat memory`, async () => {
    const server = await startServer({ user: AUTH.username, pass: AUTH.password });
    const options = { namespace: 'a', database: 'a', auth: AUTH, entities: classes, timeout: 0 };
    const writer = await Reverie.init({ ...options, url: server.wsUrl, sync: 'safe' });
    const reader = await Reverie.init({ ...options, url: server.wsUrl });
    const em = writer.em.fork();
    const sensors = Array.from({ length: STREAMS }, (_, id) => em.create(classOf(id), { id, room: id, reading: 0 }));
    await em.flush();

    const streams: LiveStream<Sensor>[] = [];
    for (let room = 0; room < STREAMS; room += 1) {
      const stream = await reader.em.fork().live(classOf(room), { room });
      streams.push(stream as LiveStream<Sensor>);
    }
    const heard = sensors.map(() => [] as number[]);
    for (const [room, stream] of streams.entries())
      stream.on('update', ({ id, entity }) => {
        expect([id.key, entity.room]).toEqual([room, room]);
        heard[room]?.push(entity.reading);
      });

    const rounds = Math.ceil(EVENTS / STREAMS);
    const memory: number[] = [];
    for (let reading = 1; reading <= rounds; reading += 1) {
      for (const sensor of sensors) sensor.reading = reading;
      await em.flush();
      await eventually(() => expect(heard.every((readings) => readings.at(-1) === reading)).toBe(true), 600_000);
      memory.push(await memoryInUse());
    }
    const wanted = Array.from({ length: rounds }, (_, at) => at + 1);
    for (const readings of heard) expect(readings).toEqual(wanted);
    process.stdout.write(`heap: ${memory.map((megabytes) => megabytes.toFixed(1)).join(' ')} MB\n`);
    const [early, late] = [memory.at(Math.floor(rounds / 3)) ?? 0, memory.at(-1) ?? 0];
    expect(late - early).toBeLessThan(FLAT);

    await Promise.all(streams.map((stream) => stream.close()));
    for (let at = 0; at < TABLES; at += 1) {
      const [described] = await writer.driver.query<[{ lives: unknown[] }]>(`INFO FOR TABLE sensor${at} STRUCTURE`);
      expect(described.lives).toEqual([]);
    }
    await Promise.all([reader.close(), writer.close()]);
    await server.close();
  }, 7_200_000);
});
