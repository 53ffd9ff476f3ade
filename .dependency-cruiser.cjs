/**
 * The import direction of the rooms of lib/. A room may import itself and the rooms listed here, by type or by value;
 * whatever is not listed is refused, and the list itself may hold no circle.
 */
const ground = ['errors', 'values', 'types'];
const language = [...ground, 'surrealql', 'metadata'];
const ROOMS = {
  errors: [],
  values: ['errors'],
  types: ['errors', 'values'],
  surrealql: ground,
  metadata: [...ground, 'surrealql'],
  decorators: language,
  driver: ['errors', 'values'],
  query: [...language, 'driver'],
  functions: [...language, 'query'],
  entity: [...language, 'query'],
  schema: [...language, 'driver', 'functions'],
  auth: [...ground, 'metadata', 'surrealql', 'driver'],
  subscribers: [...language, 'driver', 'entity'],
  logging: [...language, 'driver', 'subscribers'],
  'unit-of-work': [...language, 'driver', 'query', 'entity', 'subscribers'],
  validation: [...language, 'entity', 'unit-of-work'],
  live: [...language, 'driver', 'query', 'entity', 'subscribers'],
  cache: [...language, 'driver'],
  'entity-manager': [
    ...language,
    'driver',
    'cache',
    'query',
    'functions',
    'entity',
    'subscribers',
    'unit-of-work',
    'live',
    'logging',
  ],
  config: [
    ...language,
    'functions',
    'driver',
    'cache',
    'schema',
    'subscribers',
    'logging',
    'entity-manager',
    'validation',
  ],
  migrations: [...language, 'driver', 'schema', 'entity-manager', 'config'],
  data: [...language, 'driver', 'schema'],
  server: ['errors', 'values', 'driver'],
};
/** Rooms that stand on top and see all of the above. */
const TOP = ['testing', 'cli'];

refuseCircles(ROOMS);

module.exports = {
  forbidden: [
    ...Object.entries(ROOMS).map(([room, below]) => ({
      name: `room-${room}`,
      comment: `lib/${room} may import ${[room, ...below].map((name) => `lib/${name}`).join(', ')}`,
      severity: 'error',
      from: { path: `^lib/${room}/` },
      to: { path: '^lib/', pathNot: `^lib/(${[room, ...below].join('|')})/` },
    })),
    {
      name: 'room-unknown',
      comment: 'a new room says in .dependency-cruiser.cjs what it may import',
      severity: 'error',
      from: { path: '^lib/[^/]+/', pathNot: `^lib/(${[...Object.keys(ROOMS), ...TOP].join('|')})/` },
      to: {},
    },
    {
      name: 'server-knows-the-embedded-engine-only',
      comment:
        'what shields the engine is shared with the embedded transport; the transports themselves are for clients',
      severity: 'error',
      from: { path: '^lib/server/' },
      to: {
        path: '^lib/driver/',
        pathNot: '^lib/driver/(embedded/|codec/|session-queue\\.ts$|statement-access\\.ts$)',
      },
    },
    {
      name: 'nobody-imports-the-top',
      severity: 'error',
      from: { path: '^lib/', pathNot: `^lib/((${TOP.join('|')})/|(index|orm)\\.ts$)` },
      to: { path: `^lib/((${TOP.join('|')})/|(index|orm)\\.ts$)` },
    },
    {
      name: 'no-circle',
      comment:
        'modules of one room that need each other at run time: only functions that recurse through each other may',
      severity: 'warn',
      from: { path: '^lib/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'browser-safe',
      comment: 'the root is loaded in browsers: Node builtins only below lib/server, lib/cli and lib/driver/embedded',
      severity: 'error',
      from: { path: '^lib/', pathNot: '^lib/(server|cli|driver/embedded)/' },
      to: { dependencyTypes: ['core'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'declared-dependencies-only',
      severity: 'error',
      from: { path: '^lib/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['npm-peer'] },
    },
    { name: 'resolvable', severity: 'error', from: { path: '^lib/' }, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};

function refuseCircles(rooms) {
  const visit = (room, path) => {
    if (path.includes(room)) throw new Error(`rooms import each other: ${[...path, room].join(' → ')}`);
    for (const below of rooms[room]) visit(below, [...path, room]);
  };
  for (const room of Object.keys(rooms)) visit(room, []);
}
