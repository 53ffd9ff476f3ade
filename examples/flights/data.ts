import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Point, type CreateData } from 'reverie-orm';
import type { Airport, Route } from './entities';

const folder = join(__dirname, '../../node_modules/vega-datasets/data');

/** 3,376 airports of the USA and its territories. */
export function readAirports(): CreateData<Airport>[] {
  return readCsv('airports.csv').map(({ iata, name, city, state, country, latitude, longitude }) => ({
    iata: text(iata),
    name: text(name),
    city: text(city),
    state: text(state),
    country: text(country),
    location: new Point([Number(longitude), Number(latitude)]),
  }));
}

/** 5,366 routes with the number of flights in a year. */
export function readRoutes(): CreateData<Route>[] {
  return readCsv('flights-airport.csv').map(({ origin, destination, count }) => ({
    in: `airport:${text(origin)}` as const,
    out: `airport:${text(destination)}` as const,
    flights: Number(count),
  }));
}

function readCsv(file: string): Record<string, string>[] {
  const [head = '', ...lines] = readFileSync(join(folder, file), 'utf8').trim().split(/\r?\n/);
  const columns = splitLine(head);
  return lines.map((line) => Object.fromEntries(splitLine(line).map((cell, i) => [columns[i] ?? String(i), cell])));
}

/** Cells may be quoted because they hold a comma. */
function splitLine(line: string): string[] {
  return Array.from(
    line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g),
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}

function text(cell: string | undefined): string {
  return cell ?? '';
}
