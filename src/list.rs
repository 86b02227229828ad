//! Lists that hold only so much: taking one item out, without a panic path.

/// Takes the item at `index` out; nothing happens where there is none, for which `Vec::remove`
/// would panic, and bring the words for it.
pub fn remove<T>(items: &mut Vec<T>, index: usize) {
    let mut place = 0;
    items.retain(|_| {
        place += 1;
        place != index + 1
    });
}
