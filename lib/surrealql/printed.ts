/** What the printer makes: the text of a request and the values bound to its parameters. */
export interface Printed {
  readonly text: string;
  readonly bindings: Readonly<Record<string, unknown>>;
}
