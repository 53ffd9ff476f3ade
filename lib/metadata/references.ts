import type { LinkMetadata, LinksMetadata } from './entity-metadata.js';

/** Names under which the server (3.0.2) writes a reference and then cannot find it when the record it leads to is deleted. */
const UNREFERABLE: ReadonlySet<string> = new Set(
  'after all before begin by cancel commit diff kill live option rand sequence show table tb use value where'.split(
    ' ',
  ),
);

/** Whether a record cannot be deleted any more once a link in this column refers to it. */
export function isUnreferable(column: string): boolean {
  return UNREFERABLE.has(column.toLowerCase());
}

/**
 * Whether the server shall keep references of a link. Under some names they would keep it from deleting what the link leads
 * to; there only an inverse, which is read by them, is worth that.
 */
export function keepsReference(link: LinkMetadata | LinksMetadata): boolean {
  return link.reference && (!isUnreferable(link.column) || hasInverse(link));
}

function hasInverse(link: LinkMetadata | LinksMetadata): boolean {
  const targets = link.targets().flatMap((target) => [target, ...(target.hierarchy?.members() ?? [])]);
  return targets.some(({ properties }) =>
    properties.some((each) => each.kind === 'inverse' && each.inverse() === link),
  );
}
