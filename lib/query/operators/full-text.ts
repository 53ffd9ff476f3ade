import type { IndexMetadata } from '../../metadata/entity-metadata.js';
import {
  and,
  array,
  binary,
  call,
  closure,
  local,
  match,
  or,
  value,
  type Expression,
} from '../../surrealql/nodes/index.js';
import { NONE } from '../../values/index.js';
import { refused } from '../query-errors.js';
import type { Target } from '../target.js';
import { holds, requireKind, textOperand } from './operator.js';

/**
 * `$matches`: all words of the query stand in the text, as its full-text index cuts both into words. In a list of texts they may
 * stand in several of its elements.
 */
export function fullText(target: Target, argument: unknown, path: string): Expression {
  requireKind(target, path, 'string', 'array', 'set');
  const index = indexOver(target);
  const analyzer = index?.fulltext?.analyzer;
  if (index === undefined || analyzer === undefined) throw notIndexed(target, path);
  const query = textOperand(argument, path);
  return match({ index: index.name, text: target.expression, query, anywhere: anywhere(target, query, analyzer) });
}

/** The server's functions fail on anything but text, so each kind that may stand there is told apart. */
function anywhere(target: Target, query: Expression, analyzer: string): Expression {
  const text = target.expression;
  // A query without words finds nothing.
  const asked = binary(wordsOf(query, analyzer), '?:', array([value(NONE)]));
  const ofText = and([call('type::is_string', text), binary(wordsOf(text, analyzer), 'CONTAINSALL', asked)]);
  const list = binary(wordsOfAll(text, analyzer), 'CONTAINSALL', asked);
  const ofList = and([or([call('type::is_array', text), call('type::is_set', text)]), list]);
  if (!holds(target, 'array', 'set')) return ofText;
  return holds(target, 'string') ? or([ofText, ofList]) : ofList;
}

const wordsOf = (text: Expression, analyzer: string): Expression => call('search::analyze', value(analyzer), text);

function wordsOfAll(list: Expression, analyzer: string): Expression {
  const [element, text] = [local(), local()];
  const texts = call('array::filter', call('type::array', list), closure([element], call('type::is_string', element)));
  return call('array::flatten', call('array::map', texts, closure([text], wordsOf(text, analyzer))));
}

function indexOver({ place }: Target): IndexMetadata | undefined {
  return place?.indexes.find(({ fulltext, columns }) => fulltext !== undefined && columns[0] === place.column);
}

/** Without an index the server finds nothing, and says nothing. */
function notIndexed({ label, place }: Target, path: string): Error {
  return refused({
    path,
    what: `${label} cannot be searched`,
    why:
      place === undefined
        ? 'it is no stored field'
        : 'it has no full-text index, and so no analyzer that finds its words',
    fix: [
      `@FullText({ fields: ['${label.split('.').slice(1).join('.')}'], analyzer: '…' }) on the class`,
      'look for a part of the text: { $icontains: … }',
    ],
    rule: 'index',
  });
}
