/** A class decorator of either dialect. */
export type ClassDecoration = (target: abstract new (...args: never[]) => unknown, context?: ClassDecoratorContext) => void;

/** A property decorator of either dialect without a check of the property's type. */
export interface PropertyDecoration {
  (value: undefined, context: ClassFieldDecoratorContext): void;
  (target: object, property: string): void;
}

/** A method decorator of either dialect. */
export interface MethodDecoration {
  (method: (...args: never[]) => unknown, context: ClassMethodDecoratorContext): void;
  (target: object, method: string, descriptor: PropertyDescriptor): void;
}
