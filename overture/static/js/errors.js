// A form that was sent from this very page and comes back with errors begins at the first of them.
if (document.referrer === location.href) document.querySelector('form[method="post"] [aria-invalid="true"]')?.focus();
