/**
 * One connection that a transport has made, for as long as it lasts. What a server keeps for a connection (an open transaction, a
 * live query, an attached session) belongs to one line and dies with it.
 */
export class Line {
  /** Where another is made in its place: a transport has one line after another, a pool several side by side. */
  readonly lane: object;
  #isUp = false;
  #since = 0;

  constructor(lane: object) {
    this.lane = lane;
  }

  /** One that is never lost: each request stands alone, or there is no wire. */
  static steady(lane: object): Line {
    const line = new Line(lane);
    line.begin();
    return line;
  }

  /** Whether calls may go over it: it is ready, and not lost yet. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** How long it has been ready, in milliseconds. */
  get age(): number {
    return performance.now() - this.#since;
  }

  begin(): void {
    this.#isUp = true;
    this.#since = performance.now();
  }

  end(): void {
    this.#isUp = false;
  }
}

/** Which line something was begun over; known before the call that begins it is sent. */
export class Pin {
  #line: Line | undefined;

  to(line: Line): void {
    this.#line = line;
  }

  get line(): Line {
    if (this.#line === undefined) throw new Error('nothing was sent yet');
    return this.#line;
  }
}
