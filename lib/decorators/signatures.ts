import type { PropertyCheck } from '../types/property-check.js';

/** A class decorator of either dialect. */
export type ClassDecoration = (
  target: abstract new (...args: never[]) => unknown,
  context?: ClassDecoratorContext,
) => void;

declare const BOXES: unique symbol;

/** Type-only: what a property decorator declares. */
export interface Declares<B> {
  readonly [BOXES]?: () => B;
}
/** What a property decorator declares. */
export type DeclaredBy<D> = D extends Declares<infer B> ? B : never;

/**
 * A property decorator of either dialect, for properties that hold what the boxes `B` say. The check is joined to the
 * context (standard) or to the key (legacy), so that a property of another type is refused there.
 */
export interface PropertyDecoration<B> extends Declares<B> {
  <This, P>(value: undefined, context: ClassFieldDecoratorContext<This, P> & PropertyCheck<B, P>): void;
  <T extends object, K extends PropertyKey>(
    target: T,
    property: K & (K extends keyof T ? PropertyCheck<B, T[K]> : unknown),
  ): void;
}

/** A method decorator of either dialect. */
export interface MethodDecoration {
  (method: (...args: never[]) => unknown, context: ClassMethodDecoratorContext): void;
  (target: object, method: string, descriptor: PropertyDescriptor): void;
}
