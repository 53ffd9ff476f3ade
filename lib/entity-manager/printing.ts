import type { Driver } from '../driver/driver.js';
import { refuseMissing } from '../functions/missing-function.js';
import type { EntityClass, MetadataRegistry } from '../metadata/entity-metadata.js';
import { columnsOf } from '../query/index.js';
import type { PrintOptions } from '../surrealql/printer.js';

/** What the printer has to know of the entities and the connection. */
export function printingOf(registry: MetadataRegistry, driver: Pick<Driver, 'capabilities'>): PrintOptions {
  return Object.freeze({
    tableOf: (target: unknown) => registry.find(target as EntityClass)?.table,
    columnsOf: (target: unknown, dotted: string) => columnsOf(registry, entityOf(registry, target), dotted),
    checkCall: (name: string) => refuseMissing(name, driver.capabilities),
  });
}

/** A class, or a function that names one: in the decorators of a class it is not there yet. */
function entityOf(registry: MetadataRegistry, target: unknown): EntityClass {
  const isClass = Object.hasOwn(target as object, 'prototype') || registry.find(target as EntityClass) !== undefined;
  return isClass ? (target as EntityClass) : (target as () => EntityClass)();
}
