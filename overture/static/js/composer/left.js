// The number of this browser tab. One that was duplicated has the same, and its clock.
export const tab = () => (sessionStorage.tab ??= crypto.getRandomValues(new Uint32Array(1))[0]);
