import type { Fragment } from '../types/fragment.js';
import type { DateTime, Decimal } from '../values/index.js';
import type { FragmentNode } from '../surrealql/nodes/expressions.js';

/** An expression of SurrealQL whose value is a `V`: stands wherever `surql` may, and is run by `em.run`. */
export type Expr<V> = FragmentNode<V>;

/** What a function takes: a value, which is bound, or an expression. */
export type Arg<V> = V | Fragment<V | null | undefined>;

/** A list, of which any element may be an expression. */
export type List<T> = readonly Arg<T>[] | Fragment<readonly T[] | null | undefined>;

/** What calling a function gives: an expression (`fn`), or the value of one that was run (`connection.fn`). */
export type Mode = 'expression' | 'run';
export type Out<M extends Mode, V> = { readonly expression: Expr<V>; readonly run: Promise<V> }[M];

export type Numeric = number | bigint | Decimal;
export type Int = number | bigint;
export type Moment = Date | DateTime;
export type Vector = readonly number[] | Float32Array | Float64Array | Int8Array | Int16Array | Int32Array;
/** An object without a class. */
export type Row = Record<string, unknown>;
export type Order = Arg<boolean | 'asc' | 'desc'>;

/** Numbers stay of their kind. */
export type Widened<N> = N extends number ? number : N extends bigint ? number | bigint : N;
/** The elements of lists, and what is no list. */
export type Flat<T> = T extends readonly (infer E)[] ? E : T;

/** A value that elements are to equal, or a condition on them: a function that is written as a closure of SurrealQL. */
export type Check<T> = Arg<T> | ((each: Expr<T>) => Arg<boolean>);
/** Makes something of every element. */
export type Make<T, U> = Fragment<unknown> | ((each: Expr<T>) => Arg<U>);
/** Makes something of what there is so far and the next element. */
export type Step<U, T> = Fragment<unknown> | ((sum: Expr<U>, each: Expr<T>) => Arg<U>);
