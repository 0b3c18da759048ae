"""Playing a case: an actor answers what the person says, the rest of the world goes on around them."""
