"""Where the event stops: the resolver, its routes and the error mapping."""
