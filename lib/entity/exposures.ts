import { MetadataError } from '../errors/index.js';
import { optionalPeer } from '../metadata/optional-peer.js';

/** How class-transformer names the direction from instance to plain data. */
const CLASS_TO_PLAIN = 1;

interface Decoration {
  readonly options?: { readonly name?: string; readonly groups?: readonly string[] };
}

interface TransformDecoration extends Decoration {
  readonly transformFn: (params: object) => unknown;
}

/** What is used of class-transformer's store of what its decorators said. */
export interface DecorationStore {
  getStrategy(target: unknown): 'excludeAll' | 'exposeAll' | 'none';
  getExposedProperties(target: unknown, direction: number): readonly string[];
  getExcludedProperties(target: unknown, direction: number): readonly string[];
  findExposeMetadata(target: unknown, property: string): Decoration | undefined;
  findTransformMetadatas(target: unknown, property: string, direction: number): readonly TransformDecoration[];
}

/** One property as class-transformer's decorators have it. */
export interface Exposed {
  readonly name: string;
  readonly transform: ((value: unknown, holder: object) => unknown) | undefined;
}

/** What `@Expose`, `@Exclude` and `@Transform` on one class say to one set of groups. */
export class ClassExposure {
  readonly #store: DecorationStore;
  readonly #target: unknown;
  readonly #groups: readonly string[];
  readonly #exposed: readonly string[];
  readonly #excluded: ReadonlySet<string>;
  readonly #isExclusive: boolean;
  readonly #known = new Map<string, Exposed | undefined>();

  constructor(store: DecorationStore, target: unknown, groups: readonly string[]) {
    this.#store = store;
    this.#target = target;
    this.#groups = groups;
    this.#exposed = store.getExposedProperties(target, CLASS_TO_PLAIN);
    this.#excluded = new Set(store.getExcludedProperties(target, CLASS_TO_PLAIN));
    this.#isExclusive = store.getStrategy(target) === 'excludeAll';
  }

  /** Own properties, and the getters and methods that are exposed. */
  names(holder: object): readonly string[] {
    if (this.#exposed.length === 0 && !this.#isExclusive) return Object.keys(holder);
    return [...new Set([...(this.#isExclusive ? [] : Object.keys(holder)), ...this.#exposed])];
  }

  /** Undefined for what is not shown. */
  of(property: string): Exposed | undefined {
    if (!this.#known.has(property)) this.#known.set(property, this.#find(property));
    return this.#known.get(property);
  }

  #find(property: string): Exposed | undefined {
    if (this.#excluded.has(property) || (this.#isExclusive && !this.#exposed.includes(property))) return undefined;
    const expose = this.#store.findExposeMetadata(this.#target, property);
    if (expose !== undefined && !this.#matches(expose)) return undefined;
    return { name: expose?.options?.name ?? property, transform: this.#transformOf(property) };
  }

  /** What names groups counts for one of them; without groups asked for, only what names none. */
  #matches({ options }: Decoration): boolean {
    const wanted = options?.groups ?? [];
    return wanted.length === 0 || wanted.some((group) => this.#groups.includes(group));
  }

  #transformOf(key: string): Exposed['transform'] {
    const found = this.#store.findTransformMetadatas(this.#target, key, CLASS_TO_PLAIN);
    const transforms = found.filter((each) => this.#matches(each));
    if (transforms.length === 0) return undefined;
    const options = { groups: [...this.#groups] };
    return (value, obj) =>
      transforms.reduce(
        (held, { transformFn }) => transformFn({ value: held, key, obj, type: CLASS_TO_PLAIN, options }),
        value,
      );
  }
}

/** What class-transformer's decorators say of every class. */
export class Exposures {
  readonly #store: DecorationStore;
  readonly #byGroups = new Map<string, Map<unknown, ClassExposure>>();

  constructor(store: DecorationStore) {
    this.#store = store;
  }

  of(target: unknown, groups: readonly string[]): ClassExposure {
    const key = JSON.stringify(groups);
    let classes = this.#byGroups.get(key);
    if (classes === undefined) this.#byGroups.set(key, (classes = new Map<unknown, ClassExposure>()));
    let exposure = classes.get(target);
    if (exposure === undefined) classes.set(target, (exposure = new ClassExposure(this.#store, target, groups)));
    return exposure;
  }
}

interface ClassTransformer {
  Exclude(): (target: unknown) => void;
}

const PEER: string = 'class-transformer';
/** Each of its builds has a store of its own. */
const STORES: readonly string[] = ['cjs', 'esm2015', 'esm5'].map((build) => `${PEER}/${build}/storage.js`);

class Probe {}

/**
 * Undefined where class-transformer is not installed.
 *
 * @throws MetadataError for a version that keeps its decorators elsewhere: what they exclude would be shown
 */
export async function loadExposures(): Promise<Exposures | undefined> {
  const library = await optionalPeer<ClassTransformer>(PEER);
  if (library === undefined) return undefined;
  library.Exclude()(Probe);
  for (const path of STORES) {
    const store = (await optionalPeer<{ readonly defaultMetadataStorage?: DecorationStore }>(path))
      ?.defaultMetadataStorage;
    if (store?.getStrategy(Probe) === 'excludeAll') return new Exposures(store);
  }
  throw new MetadataError({
    what: 'This version of class-transformer is not known',
    why: 'what its @Exclude keeps out of JSON would be shown',
    fix: 'npm install class-transformer@^0.5.1',
  });
}
