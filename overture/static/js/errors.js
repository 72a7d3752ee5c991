// A form that comes back with errors begins at the first of them.
document.querySelector('form[method="post"] [aria-invalid="true"]')?.focus();
