// A page that comes back with errors begins at the first of them.
document.querySelector('.page [aria-invalid="true"], .plain-sheet [aria-invalid="true"]')?.focus();
