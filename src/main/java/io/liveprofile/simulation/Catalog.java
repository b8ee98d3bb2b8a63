package io.liveprofile.simulation;

import java.util.Arrays;

/**
 * What the shop sells. Item popularity is Zipf with exponent 1 over a shuffled rank; an item lies near its category in a
 * latent taste space of {@link #DIMENSIONS} dimensions with components near standard normal. Immutable.
 */
final class Catalog {
    static final int DIMENSIONS = 6;

    private static final int BRANDS_A_CATEGORY = 6;
    private static final String[] NOUNS = {
        "running shoes", "headphones", "backpack", "desk lamp", "coffee grinder", "rain jacket", "tent", "board game",
        "sunglasses", "yoga mat", "keyboard", "frying pan", "watch", "bike light", "perfume", "sofa", "toy train",
        "camera", "notebook", "garden hose", "dress", "jeans", "tea", "monitor", "drill", "curtain", "novel", "pillow",
        "skateboard", "necklace", "blender", "sneakers", "suitcase", "shampoo", "guitar", "carpet", "vase", "scarf",
        "tablet", "fishing rod"
    };

    private final int[] category;
    private final int[] brand;
    private final int[] price;
    private final float[] place;
    private final float[] quality;
    private final int[][] itemsOf;
    private final double[][] popularityOf;
    private final double[] categoryPopularity;
    private final int[] byPrice;
    private final double[] basePrice;
    private final String[] itemIds;
    private final String[] categoryIds;
    private final String[] brandIds;

    Catalog(SimulationConfig config) {
        int items = config.items();
        int categories = config.categories();
        Dice dice = new Dice(Dice.hash(config.seed(), 0x4341_5441L));
        category = new int[items];
        brand = new int[items];
        price = new int[items];
        place = new float[items * DIMENSIONS];
        quality = new float[items];
        itemIds = ids("i", items);
        categoryIds = ids("c", categories);
        brandIds = ids("b", config.brands());
        basePrice = new double[categories];
        float[] centre = new float[categories * DIMENSIONS];
        for (int c = 0; c < categories; c++) {
            basePrice[c] = dice.logNormal(4_000, 0.9);
            for (int d = 0; d < DIMENSIONS; d++) {
                centre[c * DIMENSIONS + d] = (float) dice.gaussian();
            }
        }
        int[] size = new int[categories];
        for (int i = 0; i < items; i++) {
            // Every category has an item; the rest fall as they will.
            int c = i < categories ? i : dice.below(categories);
            category[i] = c;
            size[c]++;
            brand[i] = (int) Long.remainderUnsigned(
                    Dice.hash(config.seed(), c, dice.below(BRANDS_A_CATEGORY)), config.brands());
            price[i] = (int) Math.max(100, Math.round(dice.logNormal(basePrice[c], 0.5) / 10) * 10 - 1);
            quality[i] = (float) dice.gaussian();
            for (int d = 0; d < DIMENSIONS; d++) {
                place[i * DIMENSIONS + d] = (float) (0.75 * centre[c * DIMENSIONS + d] + 0.66 * dice.gaussian());
            }
        }
        int[] rank = new int[items];
        for (int i = 0; i < items; i++) {
            int j = dice.below(i + 1);
            rank[i] = rank[j];
            rank[j] = i;
        }
        itemsOf = new int[categories][];
        popularityOf = new double[categories][];
        for (int c = 0; c < categories; c++) {
            itemsOf[c] = new int[size[c]];
            popularityOf[c] = new double[size[c]];
        }
        int[] filled = new int[categories];
        for (int i = 0; i < items; i++) {
            int c = category[i];
            int at = filled[c]++;
            itemsOf[c][at] = i;
            popularityOf[c][at] = 1.0 / (rank[i] + 1) + (at == 0 ? 0 : popularityOf[c][at - 1]);
        }
        categoryPopularity = new double[categories];
        double sum = 0;
        for (int c = 0; c < categories; c++) {
            sum += popularityOf[c][size[c] - 1];
            categoryPopularity[c] = sum;
        }
        byPrice = new int[items];
        long[] order = new long[items];
        for (int i = 0; i < items; i++) {
            order[i] = ((long) price[i] << 32) | i;
        }
        Arrays.sort(order);
        for (int i = 0; i < items; i++) {
            byPrice[i] = (int) order[i];
        }
    }

    /** A category by popularity. */
    int drawCategory(Dice dice) {
        return draw(categoryPopularity, dice);
    }

    /** An item of a category by popularity. */
    int drawItem(int ofCategory, Dice dice) {
        return itemsOf[ofCategory][draw(popularityOf[ofCategory], dice)];
    }

    /** An item among the dearest twentieth. */
    int drawDear(Dice dice) {
        int pool = Math.max(1, byPrice.length / 20);
        return byPrice[byPrice.length - 1 - dice.below(pool)];
    }

    int categoryOf(int item) {
        return category[item];
    }

    int brandOf(int item) {
        return brand[item];
    }

    /** List price, minor units. */
    int priceOf(int item) {
        return price[item];
    }

    /** Median list price of the category, minor units. */
    double basePriceOf(int ofCategory) {
        return basePrice[ofCategory];
    }

    /** Near standard normal. */
    double qualityOf(int item) {
        return quality[item];
    }

    /** How near an item lies to a taste: near standard normal over all pairs. */
    double fit(float[] taste, int item) {
        int at = item * DIMENSIONS;
        double sum = 0;
        for (int d = 0; d < DIMENSIONS; d++) {
            sum += taste[d] * place[at + d];
        }
        return sum * 0.4082;
    }

    String itemId(int item) {
        return itemIds[item];
    }

    String categoryId(int ofCategory) {
        return categoryIds[ofCategory];
    }

    String brandId(int ofBrand) {
        return brandIds[ofBrand];
    }

    /** What people type to find a category. */
    String words(int ofCategory) {
        return NOUNS[ofCategory % NOUNS.length];
    }

    private static int draw(double[] cumulative, Dice dice) {
        int last = cumulative.length - 1;
        int at = Arrays.binarySearch(cumulative, dice.uniform() * cumulative[last]);
        return Math.min(last, at < 0 ? -at - 1 : at + 1);
    }

    private static String[] ids(String prefix, int count) {
        String[] ids = new String[count];
        for (int i = 0; i < count; i++) {
            ids[i] = prefix + i;
        }
        return ids;
    }
}
