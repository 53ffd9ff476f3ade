import { type EntityManager, type LiveList, type Reverie } from 'reverie-orm';
import { Member, Message } from './entities';

/** A member who has signed in and sits in a room: works as this user alone, and sees what PERMISSIONS let it see. */
export class Guest {
  readonly member: Member;
  readonly #em: EntityManager;
  readonly #room: string;
  readonly #messages: LiveList<Message>;

  private constructor(member: Member, em: EntityManager, room: string, messages: LiveList<Message>) {
    this.member = member;
    this.#em = em;
    this.#room = room;
    this.#messages = messages;
  }

  /** Signs up under a new name. */
  static async arrive(orm: Reverie, name: string, room: string): Promise<Guest> {
    const password = `${name}'s secret`;
    const { user } = await orm.auth.signup(Member, { name, password });
    // Credentials, not a token: they sign in again before the session runs out.
    const em = orm.em.fork({ auth: { access: 'member', variables: { name, password } } });
    const messages = await em.liveList(Message, { room }, { orderBy: { at: 'asc' }, limit: 50 });
    return new Guest(user, em, room, messages);
  }

  async say(text: string, whisperTo?: Member): Promise<Message> {
    const author = this.member.id;
    const message = this.#em.create(Message, { room: this.#room, text, author, whisperTo: whisperTo?.id });
    await this.#em.flush();
    return message;
  }

  /** What somebody else's message would have to say. */
  async rewrite(message: Message, text: string): Promise<void> {
    await this.#em.patch(Message, message.id, { text });
  }

  /** What the room shows, as soon as that is so many messages. */
  async sees(count: number): Promise<readonly string[]> {
    const shown = () => this.#messages.items.map(({ text }) => text);
    if (shown().length === count) return shown();
    for await (const _change of this.#messages) if (shown().length === count) break;
    return shown();
  }

  async leave(): Promise<void> {
    await this.#messages.close();
    await this.#em.close();
  }
}
