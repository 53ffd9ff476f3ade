import type { EntityClass, EntityMetadata } from '../../metadata/entity-metadata.js';
import { buildHybrid, buildNearest, buildTextSearch, type HybridRequest } from '../../query/index.js';
import type {
  Fetch,
  HybridHit,
  HybridOptions,
  NearestOptions,
  Neighbour,
  SearchHit,
  SearchOptions,
  SearchText,
  Select,
  Vector,
  VectorKey,
} from '../../types/index.js';
import { checkSearchOptions, type ReadOptions } from '../read-options.js';
import { placesOf, readHits } from '../search-reader.js';
import { BuilderVerbs } from './builder-verbs.js';

/** Search by meaning, by words, and by both. */
export abstract class SearchVerbs extends BuilderVerbs {
  /**
   * The records whose vectors are nearest to one, the nearest first: by the field's HNSW index, and by comparing every record where
   * another metric is asked for or the where needs computed fields. The where comes first: `k` of those that match.
   *
   * ```ts
   * const near = await em.nearest(Doc, 'embedding', vector, { k: 5, where: { lang: 'en' } });
   * near[0].entity; near[0].distance;
   * ```
   * @throws ValidationError for a vector of another dimension
   * @see https://surrealdb.com/docs/surrealdb/models/vector
   */
  async nearest<
    T extends object,
    const F extends Fetch<T> = {},
    const S extends Select<T> = Select<T>,
    const O extends Select<T> = Select<T>,
  >(
    entity: EntityClass<T>,
    field: VectorKey<T>,
    vector: Vector,
    options: NearestOptions<T, F, S, O> = {},
  ): Promise<Neighbour<T, F, S, O>[]> {
    const meta = this.core.registry.get(entity) as EntityMetadata;
    checkSearchOptions(meta, options, ['k', 'ef', 'metric']);
    const query = this.sessionOf(entity).finder.contextWith(options.filters as never);
    const plan = (asked: object) => buildNearest(meta, field, vector, asked, query);
    const found = await readHits(this.sessionOf(entity), meta, options as ReadOptions, plan);
    return found.map(({ entity, hit }) => ({ entity, distance: hit.distance })) as Neighbour<T, F, S, O>[];
  }

  /**
   * The records whose texts hold words, the best first, by the full-text indexes of the fields.
   *
   * ```ts
   * const hits = await em.search(Post, { title: 'quantum' }, { highlight: true, where: { hidden: false }, limit: 10 });
   * hits[0].entity; hits[0].score; hits[0].highlights.title;   // '<b>Quantum</b> physics'
   * ```
   * @throws ValidationError for a field without `@FullText`
   * @see https://surrealdb.com/docs/surrealdb/models/full-text-search
   */
  async search<
    T extends object,
    const F extends Fetch<T> = {},
    const S extends Select<T> = Select<T>,
    const O extends Select<T> = Select<T>,
  >(
    entity: EntityClass<T>,
    text: SearchText<T>,
    options: SearchOptions<T, F, S, O> = {},
  ): Promise<SearchHit<T, F, S, O>[]> {
    const meta = this.core.registry.get(entity) as EntityMetadata;
    checkSearchOptions(meta, options, ['highlight', 'offsets', 'match']);
    const query = this.sessionOf(entity).finder.contextWith(options.filters as never);
    const plan = (asked: object) => buildTextSearch(meta, text, asked, query);
    const found = await readHits(this.sessionOf(entity), meta, options as ReadOptions, plan);
    return found.map(({ entity, hit }) => ({
      entity,
      score: hit.score,
      highlights: Object.assign({}, ...[hit.highlights].flat()) as object,
      offsets: placesOf(hit),
    })) as SearchHit<T, F, S, O>[];
  }

  /**
   * Both at once, fused by rank: what stands high in either list stands high in the result.
   *
   * ```ts
   * const best = await em.hybrid(Doc, { vector: { embedding: vector }, text: { body: 'quantum' }, k: 10 });
   * ```
   * @throws ValidationError as `nearest` and `search`
   * @see https://surrealdb.com/docs/surrealql/functions/database/search
   */
  async hybrid<
    T extends object,
    const F extends Fetch<T> = {},
    const S extends Select<T> = Select<T>,
    const O extends Select<T> = Select<T>,
  >(entity: EntityClass<T>, options: HybridOptions<T, F, S, O>): Promise<HybridHit<T, F, S, O>[]> {
    const meta = this.core.registry.get(entity) as EntityMetadata;
    checkSearchOptions(meta, options, ['vector', 'text', 'k', 'ef', 'rrf', 'linear']);
    const query = this.sessionOf(entity).finder.contextWith(options.filters as never);
    const plan = (asked: object) => buildHybrid(meta, asked as HybridRequest, query);
    const found = await readHits(this.sessionOf(entity), meta, options as unknown as ReadOptions, plan);
    return found.map(({ entity, hit }) => ({ entity, score: hit.score })) as HybridHit<T, F, S, O>[];
  }
}
